/*
 * send-frame LINK HEX...    sends frames as they are, each from its Ethernet header on, by an interface.
 *
 * All that it asks for is a packet socket (packet(7)), so CAP_NET_RAW is enough. Exit status 2 for a wrong command line, 1 when the
 * kernel refuses.
 */
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { LONGEST = 9000 };

static int digit(char c) {
    const char *digits = "0123456789abcdef";
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)(found - digits);
}

/* The number of bytes; -1 for what is no frame. */
static int decode(const char *hex, unsigned char *frame) {
    int length = 0;
    for (; hex[0] != '\0'; hex += 2) {
        int high = digit(hex[0]), low = digit(hex[1]);
        if (high < 0 || low < 0 || length == LONGEST) {
            return -1;
        }
        frame[length++] = (unsigned char)(high << 4 | low);
    }
    return length >= ETH_HLEN ? length : -1;
}

int main(int argc, char **argv) {
    unsigned char frame[LONGEST];
    if (argc < 3) {
        fprintf(stderr, "usage: send-frame LINK HEX...\n");
        return 2;
    }
    struct sockaddr_ll link = {.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(argv[1])};
    /* Protocol 0: receives nothing. */
    int packets = socket(AF_PACKET, SOCK_RAW, 0);
    if (link.sll_ifindex == 0 || packets < 0) {
        perror(argv[1]);
        return 1;
    }
    for (int i = 2; i < argc; i++) {
        int length = decode(argv[i], frame);
        if (length < 0) {
            fprintf(stderr, "send-frame: not a frame: %s\n", argv[i]);
            return 2;
        }
        if (sendto(packets, frame, (size_t)length, 0, (struct sockaddr *)&link, sizeof link) != length) {
            perror(argv[1]);
            return 1;
        }
    }
    return 0;
}
