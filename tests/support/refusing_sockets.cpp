// Loaded before the C library: no socket to a network is given, and each that is asked for leaves
// an octet in the file that REFUSED_SOCKETS names.
#include <cerrno>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

extern "C" int socket(int domain, int type, int protocol) noexcept
{
    if (domain != AF_INET && domain != AF_INET6) {
        using Socket = int (*)(int, int, int);
        static const auto real = reinterpret_cast<Socket>(dlsym(RTLD_NEXT, "socket"));
        return real(domain, type, protocol);
    }
    if (const char *path = std::getenv("REFUSED_SOCKETS")) {
        const int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
        if (file >= 0) {
            static_cast<void>(!write(file, "x", 1));
            close(file);
        }
    }
    errno = ENETDOWN;
    return -1;
}
