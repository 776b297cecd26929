const char *page(const char *path);
