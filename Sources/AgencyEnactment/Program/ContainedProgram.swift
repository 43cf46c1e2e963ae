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

    /// What could not be done before the program began.
    struct Failure: Error {
        var stage: containment_stage
        var number: Int32

        var message: String {
            let what =
                switch stage {
                case CONTAINMENT_CLONE: "new user, mount and process namespaces"
                case CONTAINMENT_IDENTITY: "users of the new namespace"
                case CONTAINMENT_FOLDER: "the workspace in the new namespace"
                case CONTAINMENT_MEMORY: "a file system in memory"
                case CONTAINMENT_OVERLAY: "an overlay of the workspace"
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
                    continuation.resume(with: Swift.Result { try runHere(leash, harvest) })
                }
            }
        } onCancel: {
            leash.pull()
        }
    }

    private func runHere<Result>(
        _ leash: Leash,
        _ harvest: (Program.Outcome, Int32?, Bool) throws -> Result
    ) throws -> Result {
        var kind = view.kind
        var contained: contained
        do {
            contained = try start(kind)
        } catch let failure as Failure where failure.stage == CONTAINMENT_OVERLAY {
            kind = .copy
            contained = try start(kind)
        }
        leash.put(contained.process)
        let changes = Descriptor(contained.changes)
        guard let output = Descriptor(contained.output), let process = Descriptor(contained.descriptor) else {
            leash.end()
            _ = leash.reap()
            throw Failure(stage: CONTAINMENT_CHANNEL, number: EBADF)
        }
        var outcome = follow(output.raw, process.raw, leash, contained.process)
        outcome.status = leash.reap()
        // A program that was ended because the task was cancelled has no outcome.
        if leash.isPulled { throw CancellationError() }
        guard let changes else { return try harvest(outcome, nil, false) }
        return try harvest(outcome, changes.raw, kind == .copy)
    }

    private func start(_ kind: View.Kind) throws -> contained {
        guard let program = Self.bubblewrap else { throw Failure(stage: CONTAINMENT_EXEC, number: ENOENT) }
        var contained = contained()
        try Self.withCStrings([program] + arguments) { arguments in
            try Self.withCStrings(Program.cleanEnvironment.map { "\($0.key)=\($0.value)" }) { environment in
                try Self.withCStrings([program, view.directory, memory]) { words in
                    try filter.withUnsafeBytes { filter in
                        var request = containment()
                        request.program = UnsafePointer(words[0])
                        request.arguments = UnsafePointer(arguments)
                        request.environment = UnsafePointer(environment)
                        request.filter = filter.baseAddress
                        request.filter_bytes = filter.count
                        request.view =
                            switch kind {
                            case .look: CONTAINMENT_VIEW_LOOK
                            case .overlay: CONTAINMENT_VIEW_OVERLAY
                            case .copy: CONTAINMENT_VIEW_COPY
                            }
                        request.folder = UnsafePointer(words[1])
                        request.memory = UnsafePointer(words[2])
                        guard containment_begin(&request, &contained) == 0 else { throw Self.failure(contained) }
                        if kind == .copy {
                            do {
                                try Self.fill(contained.changes, view)
                            } catch {
                                containment_abandon(&contained)
                                throw error
                            }
                        }
                        guard containment_continue(&contained) == 0 else { throw Self.failure(contained) }
                    }
                }
            }
        }
        return contained
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
