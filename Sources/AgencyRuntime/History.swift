// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore
import AgencySchema

/// The history of a run as a file of JSON lines: the stored bytes of its events, and the prompts that they refer to.
///
/// The first line says what the history folds to and how many decisions are in it, so that a later version of the program
/// can prove that it still comes to the same. Every further line holds one event or one prompt, byte for byte.
public struct History: Hashable, Sendable {
    /// The run.
    public var run: RunID
    /// The events, in order, exactly as they are stored.
    public var events: [[UInt8]] = []
    /// The prompts, by the digest of their bytes.
    public private(set) var prompts: [Digest: [UInt8]] = [:]
    /// What the writer of the history made of it; `nil` until it has been replayed.
    public var expected: Expected?
    private var order: [Digest] = []

    /// What a history comes to.
    public struct Expected: Hashable, Sendable, Codable {
        /// The digest of the folded state.
        public var state: Digest
        /// How many decisions of the core are in it.
        public var decisions: Int
        /// How many prompts were built.
        public var prompts: Int

        /// Takes what a replay came to.
        public init(_ replay: Replay) {
            state = replay.state.digest
            decisions = replay.decisions
            prompts = replay.prompts
        }
    }

    /// The version of the form of the file.
    public static let version: Int64 = 1

    /// Makes an empty history.
    public init(run: RunID) { self.run = run }

    mutating func keep(_ prompt: [UInt8]?, for reference: ArtefactReference) {
        guard let prompt, prompts.updateValue(prompt, forKey: reference.digest) == nil else { return }
        order.append(reference.digest)
    }

    /// Replays the history.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` when an event cannot be read.
    public func replayed() async throws -> Replay {
        var replay = Replay(run: run)
        for (sequence, bytes) in events.enumerated() {
            let recorded: RecordedEvent
            do {
                recorded = try RecordedEvent(sequence: sequence, storedBytes: bytes)
            } catch {
                throw RuntimeError(.badInput, "event \(sequence) of the history cannot be read: \(error)", cause: error)
            }
            await replay.take(recorded) { prompts[$0.digest] }
        }
        return replay
    }
}

extension History {
    /// Writes the lines of the file.
    public func bytes() throws -> [UInt8] {
        var head: JSONObject = ["history": .integer(Self.version), "run": .string(run.rawValue)]
        if let expected { head["expected"] = try JSONValue(encoding: expected) }
        var bytes = JSONValue.object(head).canonicalBytes + [Self.newline]
        for digest in order { bytes += Self.prompt + (prompts[digest] ?? []) + Self.end }
        for event in events { bytes += Self.event + event + Self.end }
        return bytes
    }

    /// Reads a file.
    ///
    /// - Throws: ``RuntimeError`` with `.badInput` that names the line.
    public init(reading bytes: [UInt8]) throws {
        var lines = bytes.split(separator: Self.newline, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        let head = lines.first.flatMap { try? JSONValue(parsing: Array($0)) }
        guard let head, let version = head["history"]?.integer, let run = head["run"]?.string else {
            throw RuntimeError(.badInput, "this is no history: its first line does not say so")
        }
        guard version == Self.version else {
            throw RuntimeError(
                .badInput,
                "this history has form \(version); this version of agency reads \(Self.version)"
            )
        }
        self.init(run: RunID(run))
        if let words = head["expected"], words != .null {
            do {
                expected = try words.decode(Expected.self)
            } catch {
                throw RuntimeError(.badInput, "line 1 of the history does not say what it comes to: \(error)")
            }
        }
        for (index, line) in lines.enumerated().dropFirst() {
            if let event = Self.inner(line, after: Self.event) {
                events.append(event)
            } else if let prompt = Self.inner(line, after: Self.prompt) {
                keep(prompt, for: ArtefactReference(Digest(of: prompt)))
            } else {
                throw RuntimeError(.badInput, "line \(index + 1) of the history holds neither an event nor a prompt")
            }
        }
        guard !events.isEmpty else { throw RuntimeError(.badInput, "this history has no events") }
    }

    private static let newline = UInt8(ascii: "\n")
    private static let event = Array(#"{"event":"#.utf8)
    private static let prompt = Array(#"{"prompt":"#.utf8)
    private static let end = Array("}\n".utf8)

    private static func inner(_ line: ArraySlice<UInt8>, after head: [UInt8]) -> [UInt8]? {
        guard line.starts(with: head), line.last == UInt8(ascii: "}"), line.count > head.count + 1 else { return nil }
        return Array(line.dropFirst(head.count).dropLast())
    }
}
