#include "page.h"

#include <string.h>

const char *page(const char *path, int *status) {
    *status = 200;
    if (strcmp(path, "/") == 0) return "counter\n";
    if (strcmp(path, "/health") == 0) return "ok\n";
    *status = 404;
    return "not found\n";
}
