// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

// Starts a program in user, mount and process namespaces of its own, with a copy-on-write view of a folder in them.
//
// Here and not in Swift, because between the fork and the exec of a process with threads only what is safe in a signal
// handler may run.

#ifndef OPENAGENCY_CONTAINMENT_H
#define OPENAGENCY_CONTAINMENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// The number under which the program finds the descriptor of its system call filter.
#define CONTAINMENT_FILTER 3
/// The number under which it finds further arguments, which no list of processes shows.
#define CONTAINMENT_ARGUMENTS 4

/// How the program sees the folder: always at `merged` below it, with the folder itself at `lower`.
enum containment_view {
    /// As it is, and nothing in it that others listen at.
    CONTAINMENT_VIEW_LOOK = 0,
    /// As it is, and what it changes is in memory.
    CONTAINMENT_VIEW_OVERLAY = 1,
    /// As an empty folder in memory, to be filled before the program goes on.
    CONTAINMENT_VIEW_COPY = 2,
};

/// What failed; the order is that in which things are done.
enum containment_stage {
    CONTAINMENT_DONE = 0,
    CONTAINMENT_CHANNEL,
    CONTAINMENT_CLONE,
    CONTAINMENT_IDENTITY,
    CONTAINMENT_FOLDER,
    CONTAINMENT_MEMORY,
    CONTAINMENT_OVERLAY,
    CONTAINMENT_NETWORK,
    CONTAINMENT_DESCRIPTORS,
    CONTAINMENT_EXEC,
};

struct containment {
    /// The absolute path of the program, its arguments with its name first, and its environment; both end with NULL.
    const char *program;
    char *const *arguments;
    char *const *environment;
    /// The system call filter, as the kernel takes it; the program finds it at `CONTAINMENT_FILTER`.
    const void *filter;
    size_t filter_bytes;
    /// Further arguments, each with its end; the program finds them at `CONTAINMENT_ARGUMENTS`. May be empty.
    const void *more;
    size_t more_bytes;
    /// Whether it is spoken to: it reads what we write, and its errors come apart from its output.
    int talks;
    /// The port of its own loopback at which we are to listen, in a network namespace of its own; 0 for none.
    uint16_t port;
    enum containment_view view;
    /// The folder, absolute.
    const char *folder;
    /// Options of the file system in memory: its size and its number of entries.
    const char *memory;
};

struct contained {
    pid_t process;
    /// Readable when the process has ended.
    int descriptor;
    /// What it prints; errors included, unless it is spoken to. Reading does not wait.
    int output;
    /// A socket from which it reads, and what it complains of, if it is spoken to; or -1. Neither waits.
    int input;
    int errors;
    /// Takes connections that are made inside, or -1.
    int listener;
    /// Talks with the process until it has become the program.
    int channel;
    /// The folder in memory in which the changes are (of an overlay) or everything is to be (of a copy), or -1.
    int changes;
    enum containment_stage stage;
    int error;
};

/// Starts the process as far as its view; returns 0, or -1 with what failed, and then nothing is left of it.
int containment_begin(const struct containment *request, struct contained *contained);

/// Lets the process become the program; returns 0, or -1 with what failed, and then nothing is left of it.
int containment_continue(struct contained *contained);

/// Ends the process instead.
void containment_abandon(struct contained *contained);

/// Returns whether a folder of changes hides everything that is below it.
int containment_is_opaque(int folder);

/// Takes a connection, whose descriptor no other program inherits and which does not wait; or returns -1 with `errno`.
int containment_accept(int listener);

/// Makes a pipe, of which no other program inherits an end; returns 0, or -1 with `errno`.
int containment_pipe(int ends[2]);

/// Makes everything on a folder's file system last; returns 0, or -1 with `errno`.
int containment_sync(int folder);

#endif
