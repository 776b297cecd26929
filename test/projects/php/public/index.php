<?php

require __DIR__ . "/../vendor/autoload.php";

$app = Slim\Factory\AppFactory::create();
$app->get("/", function ($request, $response) {
    $response->getBody()->write(Guestbook\Page::welcome());
    return $response;
});
$app->get("/health", fn($request, $response) => $response);
$app->run();
