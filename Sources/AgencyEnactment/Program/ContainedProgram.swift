// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import CContainment
import Dispatch

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One run of bubblewrap in user, mount and process namespaces of our own making.
///
/// It is the first process of its namespace, so that when it has ended, nothing that it started is left: the kernel sees
/// to that. It gets no descriptor of ours but its output and its filter.
struct ContainedProgram: Sendable {
    /// How a program sees a folder.
    struct View: Sendable {
        enum Kind: Sendable { case look, overlay, copy }

        var kind: Kind
        var directory: String
        /// Bytes and entries of what is changed, or of everything in a copy.
        var bytes = 1 << 16
        var entries = 64
        /// How a copy is filled.
        var fill: @Sendable (borrowing Descriptor) throws -> Void = { _ in }
    }

    /// The arguments of bubblewrap.
    var arguments: [String]
    /// The filter of system calls, as the kernel takes it.
    var filter: [UInt8]
    var view: View
    var limits: Program.Limits
    /// Whether it is spoken to, and not only listened to.
    var talks = false
    /// Tells what it prints while it runs, where somebody wants to know.
    var telling: Telling?
    /// The hosts that it may reach, if there are any; it has a network namespace of its own with a way to them.
    var network: Proxy.Rules?
    /// Arguments of bubblewrap that nothing shows; it finds them at descriptor 4.
    var hidden: [String] = []

    /// What could not be done before the program began.
    struct Failure: Error {
        var stage: containment_stage
        var number: Int32

        static let noChannel = Failure(stage: CONTAINMENT_CHANNEL, number: EBADF)

        var message: String {
            let what =
                switch stage {
                case CONTAINMENT_CLONE: "new user, mount and process namespaces"
                case CONTAINMENT_IDENTITY: "users of the new namespace"
                case CONTAINMENT_FOLDER: "the workspace in the new namespace"
                case CONTAINMENT_MEMORY: "a file system in memory"
                case CONTAINMENT_OVERLAY: "an overlay of the workspace"
                case CONTAINMENT_NETWORK: "a network of its own"
                case CONTAINMENT_EXEC: "bubblewrap"
                default: "a channel to the program"
                }
            return "\(what): \(String(cString: strerror(number)))"
        }
    }

    /// Runs the program to its end or to the first bound it meets, and then looks at what it changed.
    ///
    /// - Parameter harvest: Gets the outcome, the folder of the changes, if there can be any, and whether it is a copy.
    /// - Returns: What the harvest returns.
    /// - Throws: ``Failure`` when it did not begin; `CancellationError`, with everything gone; what the harvest throws.
    func run<Result: Sendable>(
        harvest: @escaping @Sendable (Program.Outcome, _ changes: Int32?, _ isCopy: Bool) throws -> Result
    ) async throws -> Result {
        let leash = Leash()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                // A thread for it alone: the kernel ends the program when the thread that started it ends.
                DispatchQueue(label: "org.openagency.contained").async {
                    continuation.resume(
                        with: Swift.Result {
                            try runHere(leash, { follow($0.output, $0.process, leash, $0.number) }, harvest)
                        }
                    )
                }
            }
        } onCancel: {
            leash.pull()
        }
    }

    /// The descriptors of a program that has begun, open for as long as it is followed.
    struct Handles {
        var number: Int32
        /// Readable when it has ended.
        var process: Int32
        var output: Int32
        /// Only of one that is spoken to; or -1.
        var input: Int32
        var errors: Int32
        /// Its way to hosts.
        var proxy: Proxy?

        func close() { for end in [process, output, input, errors] where end >= 0 { Glibc.close(end) } }
    }

    /// Runs the program on this thread, with whose end it ends.
    ///
    /// - Parameters:
    ///   - leash: Holds the program.
    ///   - follow: Returns when the process has ended, or has been told to.
    ///   - harvest: As for ``run(harvest:)``.
    /// - Returns: What the harvest returns.
    /// - Throws: As ``run(harvest:)`` does.
    func runHere<Result>(
        _ leash: Leash,
        _ follow: (Handles) -> Program.Outcome,
        _ harvest: (Program.Outcome, Int32?, Bool) throws -> Result
    ) throws -> Result {
        var kind = view.kind
        var (contained, proxy): (contained, Proxy?)
        do {
            (contained, proxy) = try start(kind)
        } catch let failure as Failure where failure.stage == CONTAINMENT_OVERLAY {
            kind = .copy
            (contained, proxy) = try start(kind)
        }
        // Its threads go on until they are told.
        defer { proxy?.finish() }
        leash.put(contained.process)
        let handles = Handles(
            number: contained.process,
            process: contained.descriptor,
            output: contained.output,
            input: contained.input,
            errors: contained.errors,
            proxy: proxy
        )
        defer { handles.close() }
        let changes = Descriptor(contained.changes)
        var outcome = follow(handles)
        outcome.status = leash.reap()
        // A program that was ended because the task was cancelled has no outcome.
        if leash.isPulled { throw CancellationError() }
        outcome.connections = proxy?.finish()
        guard let changes else { return try harvest(outcome, nil, false) }
        return try harvest(outcome, changes.raw, kind == .copy)
    }

    private func start(_ kind: View.Kind) throws -> (contained, Proxy?) {
        guard let program = Self.bubblewrap else { throw Failure(stage: CONTAINMENT_EXEC, number: ENOENT) }
        var contained = contained()
        var proxy: Proxy?
        let hidden: [UInt8] = hidden.flatMap { Array($0.utf8) + [0] }
        try Self.withCStrings([program] + arguments) { arguments in
            try Self.withCStrings(Program.cleanEnvironment.map { "\($0.key)=\($0.value)" }) { environment in
                try Self.withCStrings([program, view.directory, memory]) { words in
                    try (filter + hidden).withUnsafeBytes { bytes in
                        var request = containment()
                        request.program = UnsafePointer(words[0])
                        request.arguments = UnsafePointer(arguments)
                        request.environment = UnsafePointer(environment)
                        request.filter = bytes.baseAddress
                        request.filter_bytes = filter.count
                        request.more = bytes.baseAddress?.advanced(by: filter.count)
                        request.more_bytes = hidden.count
                        request.port = network == nil ? 0 : Proxy.port
                        request.talks = talks ? 1 : 0
                        request.view =
                            switch kind {
                            case .look: CONTAINMENT_VIEW_LOOK
                            case .overlay: CONTAINMENT_VIEW_OVERLAY
                            case .copy: CONTAINMENT_VIEW_COPY
                            }
                        request.folder = UnsafePointer(words[1])
                        request.memory = UnsafePointer(words[2])
                        guard containment_begin(&request, &contained) == 0 else { throw Self.failure(contained) }
                        do {
                            if kind == .copy { try Self.fill(contained.changes, view) }
                            proxy = try open(&contained)
                        } catch {
                            containment_abandon(&contained)
                            throw error
                        }
                        guard containment_continue(&contained) == 0 else {
                            proxy?.finish()
                            throw Self.failure(contained)
                        }
                    }
                }
            }
        }
        return (contained, proxy)
    }

    /// Opens the way to hosts, before the program begins.
    private func open(_ contained: inout contained) throws -> Proxy? {
        guard let network else { return nil }
        // It is the proxy's from now on, whatever becomes of the program.
        let listener = contained.listener
        contained.listener = -1
        guard let proxy = Proxy(listener: listener, rules: network) else {
            throw Failure(stage: CONTAINMENT_NETWORK, number: errno)
        }
        return proxy
    }

    private static func fill(_ changes: Int32, _ view: View) throws {
        // A descriptor of its own, because the first one lives on.
        guard let folder = Descriptor(openat(changes, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else {
            throw Failure(stage: CONTAINMENT_MEMORY, number: errno)
        }
        try view.fill(folder)
    }

    private var memory: String {
        "size=\(max(1 << 16, view.bytes)),nr_inodes=\(max(64, view.entries)),mode=0700"
    }

    private static func failure(_ contained: contained) -> Failure {
        Failure(stage: contained.stage, number: contained.error)
    }

    /// Where bubblewrap is, in the system's folders only.
    private static var bubblewrap: String? {
        ["/usr/bin/bwrap", "/bin/bwrap", "/usr/local/bin/bwrap"].first { access($0, X_OK) == 0 }
    }

    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) throws -> Result
    ) rethrows -> Result {
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() { (pointers + index).initialize(to: strdup(text)) }
        (pointers + texts.count).initialize(to: nil)
        defer {
            for index in texts.indices { free(pointers[index]) }
            pointers.deallocate()
        }
        return try body(pointers)
    }
}
