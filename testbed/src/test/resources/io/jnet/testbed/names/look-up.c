/* Looks a name up as programs do, by the C library's resolver, and prints its addresses, one a line. */
#include <netdb.h>
#include <stdio.h>
#include <sys/socket.h>

int main(int argc, char **argv) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found, *one;
    char text[NI_MAXHOST];
    int status;

    if (argc != 2)
        return 2;
    status = getaddrinfo(argv[1], NULL, &hints, &found);
    if (status != 0) {
        fprintf(stderr, "%s\n", gai_strerror(status));
        return 1;
    }
    for (one = found; one != NULL; one = one->ai_next)
        if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
            puts(text);
    return 0;
}
