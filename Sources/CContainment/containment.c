// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#ifdef __linux__

#define _GNU_SOURCE
#include "containment.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <net/if.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

// Of the kernel's own interface, for headers older than the kernel.
#define OPEN_TREE_COPY 1
#define MOVE_MOUNT_FROM_DESCRIPTOR 4
#define CLOSE_RANGE_ON_EXEC 4
#define WHOLE_TREE 0x8000

// Numbers below 300 are given out once only.
#define MOST_TASKS "1024"

struct message {
    int stage;
    int error;
};

static void tell(int channel, struct message message, int descriptor) {
    struct iovec part = {&message, sizeof message};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr letter = {.msg_iov = &part, .msg_iovlen = 1};
    memset(&control, 0, sizeof control);
    if (descriptor >= 0) {
        letter.msg_control = control.bytes;
        letter.msg_controllen = sizeof control.bytes;
        struct cmsghdr *header = CMSG_FIRSTHDR(&letter);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &descriptor, sizeof(int));
    }
    while (sendmsg(channel, &letter, MSG_NOSIGNAL) < 0 && errno == EINTR) {
    }
}

/// Returns 1 with a message, 0 at the end, -1 at a fault.
static int hear(int channel, struct message *message, int *descriptor) {
    struct iovec part = {message, sizeof *message};
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct msghdr letter = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    ssize_t count;
    while ((count = recvmsg(channel, &letter, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
    }
    if (count <= 0) return count < 0 && errno != ECONNRESET ? -1 : 0;
    struct cmsghdr *header = CMSG_FIRSTHDR(&letter);
    if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS) {
        int passed;
        memcpy(&passed, CMSG_DATA(header), sizeof(int));
        if (descriptor) *descriptor = passed;
        else close(passed);
    }
    return 1;
}

static void awaitWord(int channel) {
    char word;
    ssize_t count;
    while ((count = read(channel, &word, 1)) < 0 && errno == EINTR) {
    }
    // Whoever started this is gone.
    if (count != 1) _exit(127);
}

/// Returns the stage that failed, or 0, with the folder of the changes.
static int makeView(const struct containment *request, int *changes) {
    struct stat status;
    // Taken before the memory covers it; with what is mounted below, as it may not be uncovered.
    int tree = (int)syscall(SYS_open_tree, AT_FDCWD, request->folder, OPEN_TREE_COPY | O_CLOEXEC | WHOLE_TREE);
    if (tree < 0 || fstat(tree, &status) != 0) return CONTAINMENT_FOLDER;
    if (mount("tmpfs", request->folder, "tmpfs", MS_NOSUID | MS_NODEV, request->memory) != 0) return CONTAINMENT_MEMORY;
    // The names are relative, so that no path of the host shows in the list of mounts inside.
    if (chdir(request->folder) != 0 || mkdir("lower", 0700) != 0 || mkdir("merged", 0700) != 0 ||
        syscall(SYS_move_mount, tree, "", AT_FDCWD, "lower", MOVE_MOUNT_FROM_DESCRIPTOR) != 0)
        return CONTAINMENT_MEMORY;
    close(tree);
    if (request->view == CONTAINMENT_VIEW_LOOK) {
        // Over a second, empty folder, because one alone is none; the folder itself where there are no overlays.
        if (mkdir("empty", 0700) != 0) return CONTAINMENT_MEMORY;
        if (mount("overlay", "merged", "overlay", MS_RDONLY | MS_NOSUID | MS_NODEV, "userxattr,lowerdir=lower:empty") == 0)
            return 0;
        return mount("lower", "merged", NULL, MS_BIND | MS_REC, NULL) == 0 ? 0 : CONTAINMENT_FOLDER;
    }
    const char *place = request->view == CONTAINMENT_VIEW_OVERLAY ? "upper" : "merged";
    if (request->view == CONTAINMENT_VIEW_OVERLAY && (mkdir("upper", 0700) != 0 || mkdir("work", 0700) != 0))
        return CONTAINMENT_MEMORY;
    // Without such marks an overlay can be mounted, but no folder in it be made anew.
    if (request->view == CONTAINMENT_VIEW_OVERLAY && setxattr("work", "user.openagency", "y", 1, 0) != 0)
        return CONTAINMENT_OVERLAY;
    // The superuser may work in a folder of somebody else.
    if (chown(place, status.st_uid, status.st_gid) != 0 && errno != EPERM && errno != EINVAL) return CONTAINMENT_MEMORY;
    if (chmod(place, status.st_mode & 0777) != 0) return CONTAINMENT_MEMORY;
    if (request->view == CONTAINMENT_VIEW_OVERLAY &&
        mount("overlay", "merged", "overlay", MS_NOSUID | MS_NODEV,
              "userxattr,lowerdir=lower,upperdir=upper,workdir=work") != 0)
        return CONTAINMENT_OVERLAY;
    *changes = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *changes < 0 ? CONTAINMENT_MEMORY : 0;
}

static int hold(const void *bytes, size_t count) {
    int file = memfd_create("held", MFD_CLOEXEC);
    if (file < 0 || write(file, bytes, count) != (ssize_t)count || lseek(file, 0, SEEK_SET) != 0) return -1;
    return fcntl(file, F_DUPFD_CLOEXEC, 16);
}

/// The ends of the streams that are the program's; -1 for what it does not have.
struct streams {
    int input, output, errors;
};

static int setDescriptors(const struct containment *request, struct streams streams) {
    // First out of the way of the numbers that they are to have.
    int output = fcntl(streams.output, F_DUPFD_CLOEXEC, 16);
    int errors = request->talks ? fcntl(streams.errors, F_DUPFD_CLOEXEC, 16) : output;
    int filter = hold(request->filter, request->filter_bytes);
    int more = request->more_bytes ? hold(request->more, request->more_bytes) : filter;
    int input = request->talks ? streams.input : open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (input >= 0) input = fcntl(input, F_DUPFD_CLOEXEC, 16);
    if (output < 0 || errors < 0 || input < 0 || filter < 0 || more < 0) return -1;
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0 || dup2(filter, CONTAINMENT_FILTER) < 0)
        return -1;
    if (request->more_bytes && dup2(more, CONTAINMENT_ARGUMENTS) < 0) return -1;
    int last = request->more_bytes ? CONTAINMENT_ARGUMENTS : CONTAINMENT_FILTER;
    return (int)syscall(SYS_close_range, last + 1, UINT_MAX, CLOSE_RANGE_ON_EXEC);
}

/// Listens at the loopback of this network namespace, which has nothing else.
static int listenInside(uint16_t port) {
    struct ifreq loopback;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    memset(&loopback, 0, sizeof loopback);
    strcpy(loopback.ifr_name, "lo");
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener < 0 || ioctl(listener, SIOCGIFFLAGS, &loopback) != 0) return -1;
    loopback.ifr_flags |= IFF_UP;
    if (ioctl(listener, SIOCSIFFLAGS, &loopback) != 0 ||
        bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 64) != 0)
        return -1;
    return listener;
}

/// Bounds processes and threads together, for the superuser too, whom the usual limit does not bind.
///
/// Only where the number is the namespace's own, since Linux 6.14: before, it is that of the whole machine.
static void limitTasks(void) {
    struct utsname system;
    unsigned major = 0, minor = 0;
    if (uname(&system) != 0 || sscanf(system.release, "%u.%u", &major, &minor) != 2) return;
    if (major < 6 || (major == 6 && minor < 14)) return;
    int file = open("/proc/sys/kernel/pid_max", O_WRONLY | O_CLOEXEC);
    if (file < 0) return;
    if (write(file, MOST_TASKS, sizeof MOST_TASKS - 1) < 0) errno = 0;
    close(file);
}

static void become(const struct containment *request, int channel, struct streams streams) {
    struct message fault = {0, 0};
    int changes = -1, listener = -1;
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    awaitWord(channel);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid();
    limitTasks();
    // Out of the way of the numbers that the program is to have.
    channel = fcntl(channel, F_DUPFD_CLOEXEC, 16);
    fault.stage = makeView(request, &changes);
    if (fault.stage == 0 && request->port != 0 && (listener = listenInside(request->port)) < 0)
        fault.stage = CONTAINMENT_NETWORK;
    if (fault.stage == 0) {
        tell(channel, (struct message){0, 0}, changes);
        if (listener >= 0) tell(channel, (struct message){0, 0}, listener);
        awaitWord(channel);
        if (chdir("/") != 0 || setDescriptors(request, streams) != 0) fault.stage = CONTAINMENT_DESCRIPTORS;
        else {
            execve(request->program, request->arguments, request->environment);
            fault.stage = CONTAINMENT_EXEC;
        }
    }
    fault.error = errno;
    tell(channel, fault, -1);
    _exit(127);
}

static int put(pid_t process, const char *name, const char *text) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process, name);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -1;
    ssize_t count = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return count == (ssize_t)strlen(text) ? 0 : -1;
}

/// Gives the process the numbers that users have outside: all of them when the superuser starts it, else its own.
static int setIdentity(pid_t process) {
    uid_t user = geteuid();
    gid_t group = getegid();
    if (user == 0 && put(process, "uid_map", "0 0 4294967295\n") == 0)
        return put(process, "gid_map", "0 0 4294967295\n");
    char line[64];
    if (put(process, "setgroups", "deny") != 0) return -1;
    snprintf(line, sizeof line, "%u %u 1\n", (unsigned)user, (unsigned)user);
    if (put(process, "uid_map", line) != 0) return -1;
    snprintf(line, sizeof line, "%u %u 1\n", (unsigned)group, (unsigned)group);
    return put(process, "gid_map", line);
}

static int giveUp(struct contained *contained, int stage, int error) {
    contained->stage = stage;
    contained->error = error;
    if (contained->process > 0) {
        kill(contained->process, SIGKILL);
        while (waitpid(contained->process, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    int *descriptors[] = {&contained->channel, &contained->descriptor, &contained->changes, &contained->output,
                          &contained->input,   &contained->errors,     &contained->listener};
    for (size_t index = 0; index < sizeof descriptors / sizeof *descriptors; index++) {
        if (*descriptors[index] >= 0) close(*descriptors[index]);
        *descriptors[index] = -1;
    }
    contained->process = -1;
    return -1;
}

static void closeStreams(struct streams streams) {
    if (streams.input >= 0) close(streams.input);
    if (streams.output >= 0) close(streams.output);
    if (streams.errors >= 0) close(streams.errors);
}

/// Makes the streams, ours without waiting; returns 0, or -1.
static int makeStreams(int talks, struct contained *ours, struct streams *theirs) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    ours->output = ends[0];
    theirs->output = ends[1];
    if (fcntl(ours->output, F_SETFL, O_NONBLOCK) != 0) return -1;
    if (!talks) return 0;
    if (pipe2(ends, O_CLOEXEC) != 0) return -1;
    ours->errors = ends[0];
    theirs->errors = ends[1];
    if (fcntl(ours->errors, F_SETFL, O_NONBLOCK) != 0) return -1;
    // Writing to a socket of which the other end is closed can be an error, where a pipe would end this process.
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
    ours->input = ends[0];
    theirs->input = ends[1];
    return fcntl(ours->input, F_SETFL, O_NONBLOCK);
}

int containment_begin(const struct containment *request, struct contained *contained) {
    *contained = (struct contained){-1, -1, -1, -1, -1, -1, -1, -1, CONTAINMENT_DONE, 0};
    int ends[2];
    struct streams theirs = {-1, -1, -1};
    if (makeStreams(request->talks, contained, &theirs) != 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
        int error = errno;
        closeStreams(theirs);
        return giveUp(contained, CONTAINMENT_CHANNEL, error);
    }
    int descriptor = -1;
    struct clone_args how = {
        .flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_PIDFD | (request->port ? CLONE_NEWNET : 0),
        .pidfd = (uint64_t)(uintptr_t)&descriptor,
        .exit_signal = SIGCHLD,
    };
    // No handler of ours may run in the child before they are taken away.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pid_t process = (pid_t)syscall(SYS_clone3, &how, sizeof how);
    if (process == 0) {
        close(ends[0]);
        become(request, ends[1], theirs);
    }
    int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(ends[1]);
    closeStreams(theirs);
    contained->process = process;
    contained->descriptor = descriptor;
    contained->channel = ends[0];
    if (process < 0) return giveUp(contained, CONTAINMENT_CLONE, error);
    if (setIdentity(process) != 0) return giveUp(contained, CONTAINMENT_IDENTITY, errno);
    struct message answer = {CONTAINMENT_CHANNEL, 0};
    if (write(ends[0], "m", 1) != 1 || hear(ends[0], &answer, &contained->changes) != 1)
        return giveUp(contained, CONTAINMENT_CHANNEL, errno);
    if (answer.stage != 0) return giveUp(contained, answer.stage, answer.error);
    if (request->port != 0 && (hear(ends[0], &answer, &contained->listener) != 1 || contained->listener < 0))
        return giveUp(contained, CONTAINMENT_CHANNEL, errno);
    return 0;
}

int containment_continue(struct contained *contained) {
    struct message answer = {CONTAINMENT_CHANNEL, 0};
    if (write(contained->channel, "g", 1) != 1) return giveUp(contained, CONTAINMENT_CHANNEL, errno);
    int heard = hear(contained->channel, &answer, NULL);
    if (heard != 0) return giveUp(contained, answer.stage, heard < 0 ? errno : answer.error);
    close(contained->channel);
    contained->channel = -1;
    return 0;
}

void containment_abandon(struct contained *contained) { giveUp(contained, CONTAINMENT_CHANNEL, 0); }

int containment_is_opaque(int folder) {
    char value[2];
    return fgetxattr(folder, "user.overlay.opaque", value, sizeof value) == 1 && value[0] == 'y';
}

int containment_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK); }

int containment_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

int containment_sync(int folder) { return syncfs(folder); }

#endif
