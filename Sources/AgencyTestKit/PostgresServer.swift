// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// A real PostgreSQL server of a test's own, in a temporary folder and on a Unix socket, that can be killed and paused.
///
/// The programs are those of Debian's package `postgresql`. As root they run as the user `postgres`. The server ends and
/// its folder goes when this process ends, however it ends.
public final class PostgresServer: Sendable {
    /// What a test is skipped with where the server is not installed.
    public static let installation = "PostgreSQL is not installed; apt-get install postgresql"

    /// Whether there is a PostgreSQL to start.
    public static let isInstalled = (try? programs()) != nil

    /// The folder with the data, the socket and the log.
    public let folder: String
    private let bin: String
    private let identity: [String]
    private let counter = Mutex(0)
    /// While this is open, somebody needs the server.
    private let life: Pipe
    private static let queue = DispatchQueue(label: "openagency.testkit.postgres")
    private static let process = Mutex<PostgresServer?>(nil)

    private init(folder: String, bin: String, identity: [String]) throws {
        self.folder = folder
        self.bin = bin
        self.identity = identity
        life = Pipe()
        let watch = Process()
        watch.executableURL = URL(fileURLWithPath: "/bin/sh")
        watch.arguments =
            [
                "-c",
                """
                cat >/dev/null; f=$1; shift
                pid=$(head -n 1 "$f/data/postmaster.pid" 2>/dev/null) && kill -CONT "$pid" 2>/dev/null
                "$@" -D "$f/data" -m immediate -w stop >/dev/null 2>&1; rm -rf "$f"
                """,
                "sh", folder,
            ] + identity + [bin + "/pg_ctl"]
        watch.standardInput = life
        watch.standardOutput = FileHandle.nullDevice
        watch.standardError = FileHandle.nullDevice
        try watch.run()
    }

    /// Returns the server that all tests of this process share; each makes databases of its own in it.
    ///
    /// - Throws: ``SimulatedFault`` that says what is missing or failed.
    public static func shared() async throws -> PostgresServer {
        try await blocking {
            if let server = process.withLock({ $0 }) { return server }
            let server = try make(["fsync": "off"])
            process.withLock { $0 = server }
            return server
        }
    }

    /// Starts a server of the caller's own, which may be killed and paused.
    ///
    /// - Parameter settings: Lines of `postgresql.conf`. Without any, it syncs as it does in earnest.
    /// - Returns: The server, which accepts connections.
    /// - Throws: ``SimulatedFault`` that says what is missing or failed.
    public static func start(settings: [String: String] = [:]) async throws -> PostgresServer {
        try await blocking { try make(settings) }
    }

    /// The connection string of a database.
    ///
    /// - Parameter database: Its name; `postgres` is there from the start.
    /// - Returns: What `psql` and the store connect with.
    public func url(_ database: String = "postgres") -> String {
        "postgresql://agency@/\(database)?host=\(folder)&port=5432"
    }

    /// Makes a new empty database.
    ///
    /// - Returns: Its connection string.
    public func makeDatabase() async throws -> String {
        let number = counter.withLock { counter in
            counter += 1
            return counter
        }
        let name = "test\(number)"
        try await Self.blocking { [self] in
            try Self.run([bin + "/createdb", "-h", folder, "-p", "5432", "-U", "agency", name])
        }
        return url(name)
    }

    /// Runs SQL behind a ledger's back, as an intruder with a shell would.
    ///
    /// - Returns: What `psql` prints, without headers.
    @discardableResult
    public func psql(_ url: String, _ sql: String) async throws -> String {
        try await Self.blocking { [self] in
            try Self.run([bin + "/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", sql])
        }
    }

    /// As ``psql(_:_:)``, beside others: for what takes a while.
    public func parallelPsql(_ url: String, _ sql: String) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "openagency.testkit.psql").async { [self] in
                continuation.resume(
                    with: Result { try Self.run([bin + "/psql", "-X", "-q", "-A", "-t", "-d", url, "-c", sql]) }
                )
            }
        }
    }

    /// Has the server's own bench program run a script over and over, with nothing of ours in between.
    ///
    /// - Parameters:
    ///   - url: The database.
    ///   - script: The SQL of one transaction.
    ///   - clients: How many connections do so at once.
    ///   - count: How many transactions each of them makes. Not a time: its end would be a signal, which threads of ours hold back.
    /// - Returns: How many transactions were committed in a second.
    /// - Throws: ``SimulatedFault`` with what the program said.
    public func pgbench(_ url: String, _ script: String, clients: Int, count: Int) async throws -> Double {
        try await Self.blocking { [self] in
            let file = folder + "/bench.sql"
            try Data(script.utf8).write(to: URL(fileURLWithPath: file))
            let text = try Self.run([
                bin + "/pgbench", "-n", "-M", "prepared", "-c", "\(clients)", "-j", "1", "-t", "\(count)", "-f", file,
                url,
            ])
            let words = text.split(whereSeparator: \.isWhitespace)
            guard let place = words.firstIndex(of: "tps"), words.count > place + 2, let rate = Double(words[place + 2])
            else {
                throw SimulatedFault("pgbench gave no rate: \(text)")
            }
            return rate
        }
    }

    /// Kills every process of the server at once, as a power cut would.
    public func kill() async throws {
        try await Self.blocking { [self] in
            // The main process stands still first, so that it starts no other; then nobody does anything more.
            if let main = processes().first { Foundation.kill(main, SIGSTOP) }
            let victims = processes()
            for victim in victims { Foundation.kill(victim, SIGSTOP) }
            for victim in victims { Foundation.kill(victim, SIGKILL) }
            for _ in 0..<500 where victims.contains(where: { Self.lives($0) }) { usleep(10_000) }
            // Where nobody collects the dead, a new server would take the old one's number for that of a living one.
            for name in ["/data/postmaster.pid", "/.s.PGSQL.5432.lock"] { unlink(folder + name) }
        }
    }

    /// Starts the server again after ``kill()``.
    public func restart() async throws { try await Self.blocking { [self] in try boot() } }

    /// Lets every process of the server stand still: it answers nothing and refuses nothing.
    public func pause() async throws {
        try await Self.blocking { [self] in for process in processes() { Foundation.kill(process, SIGSTOP) } }
    }

    /// Lets the server go on.
    public func resume() async throws {
        try await Self.blocking { [self] in for process in processes() { Foundation.kill(process, SIGCONT) } }
    }

    /// Stops the server and removes its folder.
    public func stop() async throws {
        try await kill()
        try life.fileHandleForWriting.close()
    }

    /// Starts a second server that takes over whatever this one commits, before that is acknowledged.
    ///
    /// - Returns: The second server, which may be read until ``promote()``.
    /// - Throws: ``SimulatedFault`` that says what failed.
    public func makeStandby() async throws -> PostgresServer {
        try await Self.blocking { [self] in
            let standby = try Self.place()
            try Self.run(
                identity + [
                    bin + "/pg_basebackup", "-h", folder, "-p", "5432", "-U", "agency", "-D", standby.folder + "/data",
                    "-R", "-X", "stream", "-c", "fast",
                ]
            )
            try standby.set(["unix_socket_directories": standby.folder])
            try standby.boot()
            let psql = [bin + "/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url(), "-c"]
            // Only now: the second server is to wait for nobody when it is the first.
            try Self.run(psql + ["ALTER SYSTEM SET synchronous_standby_names = '*'"])
            try Self.run(psql + ["SELECT pg_reload_conf()"])
            for _ in 0..<500 {
                let state = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
                if try Self.run(psql + [state]) == "1" { return standby }
                usleep(20_000)
            }
            throw SimulatedFault("the second server takes nothing over")
        }
    }

    /// Makes a standby the server that is written to.
    public func promote() async throws {
        try await Self.blocking { [self] in
            try Self.run(identity + [bin + "/pg_ctl", "-D", folder + "/data", "-w", "-t", "60", "promote"])
        }
    }

    /// A server of which there is a folder only.
    private static func place() throws -> PostgresServer {
        let bin = try programs()
        var identity: [String] = []
        let folder = try TemporaryDirectory.make()
        if geteuid() == 0 {
            guard let user = getpwnam("postgres") else { throw SimulatedFault("there is no user postgres") }
            guard chown(folder, user.pointee.pw_uid, user.pointee.pw_gid) == 0 else {
                throw SimulatedFault("\(folder) cannot be given to the user postgres")
            }
            identity = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        }
        return try PostgresServer(folder: folder, bin: bin, identity: identity)
    }

    private static func make(_ settings: [String: String]) throws -> PostgresServer {
        let server = try place()
        let (folder, bin) = (server.folder, server.bin)
        try run(
            server.identity + [
                bin + "/initdb", "-D", folder + "/data", "-U", "agency", "--auth=trust", "-E", "UTF8", "--locale=C",
                "--no-sync", "--no-instructions",
            ]
        )
        let all = settings.merging(
            ["listen_addresses": "", "unix_socket_directories": folder, "port": "5432", "shared_buffers": "32MB"]
        ) { given, _ in given }
        try server.set(all)
        try server.boot()
        return server
    }

    /// Adds settings to those of the server, before it is started.
    private func set(_ settings: [String: String]) throws {
        let lines = settings.sorted { $0.key < $1.key }.map { "\($0.key) = '\($0.value)'\n" }.joined()
        try Data(lines.utf8).write(to: URL(fileURLWithPath: folder + "/extra.conf"))
        guard chmod(folder + "/extra.conf", 0o644) == 0 else { throw SimulatedFault("no settings could be written") }
        try Self.run(identity + ["sh", "-c", "cat \"$1/extra.conf\" >>\"$1/data/postgresql.conf\"", "sh", folder])
    }

    private func boot() throws {
        // The server stays behind. It must not hold the descriptor whose closing tells Foundation that its starter ended.
        let closing = #"for f in /proc/$$/fd/*; do f=${f##*/}; [ "$f" -gt 2 ] && eval "exec $f>&-"; done; exec "$@""#
        let start = [bin + "/pg_ctl", "-D", folder + "/data", "-l", folder + "/log", "-w", "-t", "60", "start"]
        try Self.run(["bash", "-c", closing, "bash"] + identity + start)
    }

    /// The main process and its children.
    private func processes() -> [pid_t] {
        guard let text = try? String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8),
            let main = text.split(separator: "\n").first.flatMap({ pid_t($0) })
        else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let children = names.compactMap { pid_t($0) }.filter { pid in
            guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let end = line.lastIndex(of: ")")
            else { return false }
            return line[end...].split(separator: " ").dropFirst(2).first.flatMap { pid_t($0) } == main
        }
        return [main] + children
    }

    private static func lives(_ process: pid_t) -> Bool {
        guard let line = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = line.lastIndex(of: ")")
        else { return false }
        return line[end...].split(separator: " ").dropFirst().first != "Z"
    }

    private static func programs() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        let folders = versions.compactMap { Int($0) }.sorted(by: >).map { "\(root)/\($0)/bin" }
        guard let bin = folders.first(where: { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }) else {
            throw SimulatedFault(installation)
        }
        return bin
    }

    @discardableResult
    private static func run(_ command: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        // Into a file: the server inherits what its starter writes to, and a pipe would never end.
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("openagency-\(UUID().uuidString)").path
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let output = FileHandle(forWritingAtPath: path)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
        guard process.terminationStatus == 0 else { throw SimulatedFault("\(command.joined(separator: " ")): \(text)") }
        return text.trimmingCharacters(in: .newlines)
    }

    @discardableResult
    private static func blocking<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
