#include "page.h"

#include <string.h>

const char *page(const char *path) {
    if (strcmp(path, "/") == 0) return "Hello, world!\n";
    if (strcmp(path, "/health") == 0) return "ok\n";
    return NULL;
}
