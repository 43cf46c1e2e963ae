// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// What a contained program may see and do, as arguments of bubblewrap.
///
/// Inside there is the system's `/usr`, read-only, the workspace at `/workspace`, and a `/tmp` of bounded size that is
/// gone afterwards. There is no network but a way to the hosts that are declared, no other process, no home folder, no environment but a fixed one, no capability,
/// and no way to make further namespaces; and many calls of the kernel are refused. Nothing is ever run outside it instead.
///
/// A program that may change the workspace changes a view of it, in memory and of bounded size. What comes out is looked at
/// when nothing of the program is left, and only then carried over.
///
/// It holds for the superuser too, but an ordinary user has less to lose: there the kernel's limit on processes binds at
/// once, where for the superuser only our own slower count does.
///
/// > Source: bubblewrap <https://github.com/containers/bubblewrap>, version 0.8 or later.
public struct Sandbox: Sendable {
    /// What a contained program may do to the workspace.
    public enum Access: String, Sendable, Hashable, Codable {
        /// Look only.
        case readOnly = "read-only"
        /// Look and change, but for the workspace's own repository.
        case readWrite = "read-write"
    }

    /// Bounds on one contained program and its descendants.
    public struct Limits: Sendable, Hashable, Codable {
        /// Wall time, in seconds, after which all are killed.
        public var seconds: Double = 60
        /// Processes at once.
        public var processes = 256
        /// Bytes of address space of each process.
        public var addressBytes = 8 << 30
        /// Bytes of resident memory of all processes together.
        public var residentBytes = 2 << 30
        /// Bytes of any one file that is written.
        public var fileBytes = 1 << 30
        /// Files open at once in each process.
        public var openFiles = 1024
        /// Bytes of `/tmp`.
        public var temporaryBytes = 256 << 20
        /// Bytes of all that is changed in the workspace, files that are changed in part counted in full.
        public var changedBytes = 512 << 20
        /// Names that are added, changed or removed in the workspace.
        public var changedEntries = 100_000
        /// Bytes of output that are kept, half from the beginning and half from the end.
        public var outputBytes = 256 << 10
        /// Bytes of output after which all are killed.
        public var floodBytes = 64 << 20

        /// Makes the usual bounds.
        public init() {}
    }

    /// The bounds.
    public var limits: Limits
    /// Folders of the host, outside `/usr`, that are shown read-only in the same place: a tool chain in `/opt`, say.
    public var readable: [String]
    /// Whether programs that change the workspace get a copy of it even where the kernel could lay changes over it.
    public var copies = false
    /// The hosts that programs may reach; where there is none, they have no network at all.
    public var hosts: [DeclaredHost] = []
    /// The secrets that programs are given, as environment variables; whatever comes out of them is masked.
    public var secrets: [Secret] = []
    /// How hosts are found and reached.
    public var network = Network.system
    /// Bounds on what programs may do with hosts.
    public var proxyBounds = ProxyBounds()

    /// Makes a sandbox.
    public init(limits: Limits = Limits(), readable: [String] = []) {
        self.limits = limits
        self.readable = readable
    }

    /// The arguments of bubblewrap, which finds the workspace in a namespace of its own: at `merged` below itself as it is to
    /// be seen, at `lower` as it is; and the filter of system calls at descriptor 3.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments; no shell reads them.
    ///   - directory: The workspace on the host.
    ///   - access: What the command may do to the workspace.
    ///   - gitWritable: Whether it may change the workspace's own repository too, but for its configuration and hooks.
    /// - Returns: The arguments; the same for the same command and bounds.
    func arguments(
        for command: [String],
        viewing directory: String,
        access: Access,
        gitWritable: Bool = false
    ) -> [String] {
        isolation + hidden + ["--seccomp", "3"] + system
            + workspace(directory, access: access, gitWritable: gitWritable) + [
                "--"
            ]
            + bounds + command
    }

    private var isolation: [String] {
        [
            "--unshare-all", "--unshare-user", "--disable-userns", "--cap-drop", "ALL", "--uid", "1000", "--gid",
            "1000",
            "--hostname", "agency", "--die-with-parent", "--new-session", "--clearenv",
        ] + (Self.environment + proxyEnvironment).flatMap { ["--setenv", $0.0, $0.1] } + namespaceOfNetwork
    }

    /// Without hosts, a network namespace with nothing in it; with hosts, one that we have made, in which we listen.
    private var namespaceOfNetwork: [String] { hosts.isEmpty ? [] : ["--share-net"] }

    /// Where programs find the way to hosts.
    private var proxyEnvironment: [(String, String)] {
        guard !hosts.isEmpty else { return [] }
        let proxy = "http://127.0.0.1:\(Proxy.port)"
        let names = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]
        return names.map { ($0, proxy) }
            + [("NO_PROXY", "127.0.0.1,localhost"), ("no_proxy", "127.0.0.1,localhost"), ("NODE_USE_ENV_PROXY", "1")]
    }

    var proxyRules: Proxy.Rules? {
        guard !hosts.isEmpty else { return nil }
        return Proxy.Rules(hosts: hosts, bounds: proxyBounds, network: network, mask: SecretMask(secrets))
    }

    /// Values are arguments too, but neither a list of processes nor a description of the policy shows them.
    private var hidden: [String] { secrets.isEmpty ? [] : ["--args", "4"] }

    var hiddenArguments: [String] {
        secrets.flatMap { ["--setenv", $0.name, String(decoding: $0.value, as: UTF8.self)] }
    }

    private var system: [String] {
        var arguments = ["--ro-bind", "/usr", "/usr"]
        for path in ["/bin", "/sbin", "/lib", "/lib64", "/etc/alternatives", "/etc/ld.so.cache"] + certificates {
            arguments += ["--ro-bind-try", path, path]
        }
        // Bubblewrap leaves /proc/sys writable to a superuser, under whatever number; and what it puts into /dev itself is
        // writable and has no size, /dev/shm included.
        return arguments + [
            "--proc", "/proc", "--remount-ro", "/proc", "--dev", "/dev", "--size", "\(16 << 20)", "--tmpfs", "/dev/shm",
            "--remount-ro", "/dev",
            "--size", "\(limits.temporaryBytes)", "--tmpfs", "/tmp",
            // Behind it, because it would cover those that lie below it.
        ] + readable.flatMap { ["--ro-bind-try", $0, $0] }
    }

    /// By which programs know hosts: public, and of no use without a network.
    private var certificates: [String] {
        hosts.isEmpty ? [] : ["/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted"]
    }

    private func workspace(_ directory: String, access: Access, gitWritable: Bool) -> [String] {
        let repository = directory + "/lower/.git"
        var arguments = [access == .readWrite ? "--bind" : "--ro-bind", directory + "/merged", "/workspace"]
        if gitWritable {
            arguments += ["--bind-try", repository, "/workspace/.git"]
            // Whoever next ran git here would run what these say.
            for name in ["config", "hooks"] {
                arguments += ["--ro-bind-try", "\(repository)/\(name)", "/workspace/.git/\(name)"]
            }
        } else {
            arguments += ["--ro-bind-try", repository, "/workspace/.git"]
        }
        return arguments + ["--remount-ro", "/", "--chdir", "/workspace"]
    }

    /// The bounds of the kernel, and a word from inside before the command begins: without it nothing was contained.
    private var bounds: [String] {
        let seconds = Int(min(limits.seconds, 1e9).rounded(.up)) + 1
        // Shells call the number of processes by one letter or the other.
        let script = """
            { ulimit -u \(limits.processes) || ulimit -p \(limits.processes); } 2>/dev/null && ulimit -c 0 && \
            ulimit -v \(limits.addressBytes >> 10) && ulimit -f \((limits.fileBytes + 511) / 512) && \
            ulimit -n \(limits.openFiles) && ulimit -S -t \(seconds) && ulimit -H -t \(seconds + 1) || exit 125
            printf '%s' "$0"; exec "$@"
            """
        return ["sh", "-c", script, Self.signOfLife]
    }

    static let environment = [
        ("PATH", "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"), ("HOME", "/tmp"), ("LANG", "C.UTF-8"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
    ]

    static let signOfLife = "\u{1}contained\u{2}"

    /// Git as it is run in the sandbox: no program that the repository names, no lock that a look would take.
    static let git = [
        "git", "--no-pager", "--no-optional-locks", "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", "-c",
        "core.fsmonitor=false", "-c", "core.untrackedCache=false", "-c", "core.quotePath=false", "-c", "color.ui=false",
        "-c", "commit.gpgSign=false", "-c", "gc.auto=0", "-c", "maintenance.auto=false",
    ]
}
