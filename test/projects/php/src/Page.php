<?php

namespace Guestbook;

final class Page
{
    public static function welcome(): string
    {
        return "<h1>Guestbook</h1>\n";
    }
}
