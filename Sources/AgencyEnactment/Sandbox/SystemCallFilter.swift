// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Which calls of the kernel a contained program may not make.
///
/// Everything else that is known is allowed, because ordinary programs are to run; what is newer than this list is not.
///
/// > Source: seccomp(2); the choice follows the default profiles of Docker and Flatpak, which say why for each call.
struct SystemCallFilter: Sendable, Hashable {
    /// The kind of processor, which decides on the numbers of the calls.
    enum Architecture: String, Sendable, CaseIterable {
        case x86_64
        case aarch64

        /// That of this program; `nil` where there is no filter, and so nothing is run.
        static var current: Architecture? {
            #if arch(x86_64)
            .x86_64
            #elseif arch(arm64)
            .aarch64
            #else
            nil
            #endif
        }

        /// Its number in the kernel's records.
        var number: UInt32 { self == .x86_64 ? 0xC000_003E : 0xC000_00B7 }
    }

    /// What makes a call one to be refused: something about the lower half of one of its arguments.
    ///
    /// Only that half, because the kernel looks at no more of the arguments that are named here.
    struct Condition: Sendable, Hashable {
        var argument: Int
        var mask: UInt32 = .max
        var values: [UInt32]
        /// Whether the masked argument has to be one of the values, or none of them.
        var isOneOf: Bool

        static func any(of bits: UInt32, in argument: Int) -> Condition {
            Condition(argument: argument, mask: bits, values: [0], isOneOf: false)
        }

        static func argument(_ argument: Int, isOneOf values: [UInt32]) -> Condition {
            Condition(argument: argument, values: values, isOneOf: true)
        }

        static func argument(_ argument: Int, isNoneOf values: [UInt32], mask: UInt32 = .max) -> Condition {
            Condition(argument: argument, mask: mask, values: values, isOneOf: false)
        }
    }

    /// A call that is refused when all conditions hold.
    struct Rule: Sendable, Hashable {
        var call: String
        var conditions: [Condition] = []
        /// What the program is told.
        var error: UInt16 = SystemCallFilter.notPermitted
    }

    var rules: [Rule]

    static let notPermitted: UInt16 = 1
    static let notThere: UInt16 = 38
    static let noSuchFamily: UInt16 = 97

    /// The filter under which every program runs.
    static let standard = SystemCallFilter(rules: plain + new + conditional)

    private static let plain = [
        // Other processes, and the kernel itself.
        "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "kcmp", "pidfd_getfd",
        "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "create_module",
        "get_kernel_syms", "query_module", "bpf", "perf_event_open", "userfaultfd", "lookup_dcookie", "syslog",
        "reboot",
        "iopl", "ioperm", "modify_ldt", "uselib", "nfsservctl", "_sysctl",
        // Keys of the user, which know no namespaces.
        "keyctl", "add_key", "request_key",
        // Mounts and namespaces.
        "mount", "umount2", "pivot_root", "chroot", "setns", "swapon", "swapoff", "quotactl", "quotactl_fd", "acct",
        "fsopen", "fsconfig", "fsmount", "fspick", "move_mount", "open_tree", "mount_setattr", "fanotify_init",
        // Files by number, past every folder that is not shown.
        "open_by_handle_at", "name_to_handle_at",
        // Memory on other nodes, the clock, the name of the machine, terminals.
        "migrate_pages", "move_pages", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname",
        "setdomainname", "vhangup", "sysfs", "ustat",
    ].map { Rule(call: $0) }

    /// Calls that programs try first and do without when told that they are not there.
    private static let new = [
        // Its flags are in memory, where no filter sees them.
        "clone3",
        // Its requests pass by every filter.
        "io_uring_setup", "io_uring_enter", "io_uring_register",
    ].map { Rule(call: $0, error: notThere) }

    /// Namespaces of mounts, cgroups, names, messages, users, processes and networks.
    private static let namespaces: UInt32 = 0x7E02_0000

    private static let (unix, inet, inet6, netlink): (UInt32, UInt32, UInt32, UInt32) = (1, 2, 10, 16)

    private static let conditional = [
        Rule(call: "clone", conditions: [.any(of: namespaces, in: 0)]),
        // And of time, whose bit means something else to `clone`.
        Rule(call: "unshare", conditions: [.any(of: namespaces | 0x80, in: 0)]),
        // TIOCSTI and TIOCLINUX type into a terminal, TIOCCONS takes the console, TIOCSETD loads a line discipline.
        Rule(call: "ioctl", conditions: [.argument(1, isOneOf: [0x5412, 0x541C, 0x541D, 0x5423])]),
        // The usual personality, that of 32 bits, with the old version numbers, and the question which it is.
        Rule(call: "personality", conditions: [.argument(0, isNoneOf: [0, 8, 0x20000, 0x20008, .max])]),
        Rule(
            call: "socket",
            conditions: [.argument(0, isNoneOf: [unix, inet, inet6, netlink])],
            error: noSuchFamily
        ),
        // Of the internet, streams and datagrams by their usual protocols only.
        Rule(
            call: "socket",
            conditions: [.argument(0, isOneOf: [inet, inet6]), .argument(1, isNoneOf: [1, 2], mask: 0xF)],
            error: noSuchFamily
        ),
        Rule(
            call: "socket",
            conditions: [.argument(0, isOneOf: [inet, inet6]), .argument(2, isNoneOf: [0, 6, 17])],
            error: noSuchFamily
        ),
        // Of netlink, the addresses of the machine only, which the C library asks for.
        Rule(
            call: "socket",
            conditions: [.argument(0, isOneOf: [netlink]), .argument(2, isNoneOf: [0])],
            error: noSuchFamily
        ),
        Rule(call: "socketpair", conditions: [.argument(0, isNoneOf: [unix])], error: noSuchFamily),
    ]
}
