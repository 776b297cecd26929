#include "page.h"

#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void quit(int signal) {
    (void)signal;
    _exit(0);
}

int main(void) {
    signal(SIGTERM, quit);
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9000)};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) return 1;
    for (;;) {
        int client = accept(listener, NULL, NULL);
        char request[2048] = {0}, path[1024] = "/";
        if (client < 0) continue;
        if (read(client, request, sizeof request - 1) > 0) {
            sscanf(request, "%*s %1023s", path);
            const char *body = page(path);
            dprintf(client, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s",
                    body ? "200 OK" : "404 Not Found", body ? strlen(body) : 0, body ? body : "");
        }
        close(client);
    }
}
