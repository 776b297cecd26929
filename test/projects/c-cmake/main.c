#include "page.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void quit(int signal) {
    (void)signal;
    _exit(0);
}

int main(void) {
    sqlite3 *database;
    if (sqlite3_open(":memory:", &database) != SQLITE_OK) return 1;
    signal(SIGTERM, quit);
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(8080)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) return 1;
    for (;;) {
        int client = accept(listener, NULL, NULL);
        char request[2048] = {0}, path[1024] = "/", answer[2048];
        int status;
        if (client < 0 || read(client, request, sizeof request - 1) <= 0) {
            if (client >= 0) close(client);
            continue;
        }
        sscanf(request, "%*s %1023s", path);
        const char *body = page(path, &status);
        int length = snprintf(answer, sizeof answer,
                              "HTTP/1.1 %d %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                              status, status == 200 ? "OK" : "Not Found", strlen(body), body);
        if (write(client, answer, length) < 0) perror("write");
        close(client);
    }
}
