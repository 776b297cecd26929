const char *page(const char *path, int *status);
