/*
 * Changes something that lasts, in a way that crash.c cannot tell a step of:
 *
 *   unseen map FILE     by writing to memory
 *   unseen ioctl        by a request that is no question: lo goes down
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int count, char **arguments) {
    if (count == 3 && strcmp(arguments[1], "map") == 0) {
        int file = open(arguments[2], O_RDWR);
        char *memory = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        if (memory == MAP_FAILED) {
            return 1;
        }
        *memory = 'x';
        return 0;
    }
    struct ifreq request = {.ifr_name = "lo"};
    return ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCSIFFLAGS, &request) == 0 ? 0 : 1;
}
