// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// A long work was begun, or goes on with another prompt or performer.
public struct IterationBegun: Hashable, Sendable, Codable {
    /// The role that takes the steps.
    public var role: RoleName
    /// The conversation that every episode begins with, except for the state: see ``IterationPrompt``.
    public var prompt: ArtefactReference
    /// Who performs, in words.
    public var performer: String

    /// Makes the event.
    public init(role: RoleName, prompt: ArtefactReference, performer: String) {
        self.role = role
        self.prompt = prompt
        self.performer = performer
    }
}

/// One episode of a long work: what was answered, and which answer counts.
///
/// The event holds the answers exactly as they came, each text once; what was sent is the prompt of the last
/// ``IterationBegun`` with the state before this event in its place. So an episode costs the ledger its new bytes only.
public struct StateAdvanced: Hashable, Sendable {
    /// Which episode of the work it is, counted from 1.
    public var number: Int
    /// The different texts that were answered, in the order in which they first came.
    public var answers: [String]
    /// Which text each answer was, in the order in which they came: positions in ``answers``.
    public var votes: [Int]
    /// Why answers did not count, by their position in ``answers``.
    public var flags: [Int: String]
    /// The answer that counts: a position in ``answers``.
    public var winner: Int
    /// The value of that answer.
    public var output: JSONValue
    /// What all answers consumed.
    public var usage: Usage
    /// How long it took.
    public var milliseconds: Int
    /// Who performed, when that is not what ``IterationBegun`` says.
    public var performer: String?
    /// Whether the words were recorded earlier.
    public var recorded: Bool

    /// Makes the event.
    ///
    /// - Throws: `JSONError` when the answer that counts is not one JSON value, `DecodingError` when it is not there.
    public init(
        number: Int,
        answers: [String],
        votes: [Int],
        flags: [Int: String] = [:],
        winner: Int,
        usage: Usage,
        milliseconds: Int,
        performer: String? = nil,
        recorded: Bool = false
    ) throws {
        guard answers.indices.contains(winner), votes.allSatisfy(answers.indices.contains) else {
            throw Self.malformed("there is no such answer")
        }
        self.number = number
        self.answers = answers
        self.votes = votes
        self.flags = flags
        self.winner = winner
        self.usage = usage
        self.milliseconds = milliseconds
        self.performer = performer
        self.recorded = recorded
        output = try JSONValue(parsing: answers[winner].trimmingWhitespace)
    }
}

/// An episode of a long work ended without an answer that counts; the state stays as it is.
public struct AdvanceFailed: Hashable, Sendable, Codable {
    /// Which episode of the work it is, counted from 1.
    public var number: Int
    /// What went wrong, as a stable word.
    public var code: String
    /// What went wrong.
    public var message: String
    /// The different texts that were answered, in the order in which they first came.
    public var answers: [String]
    /// What it consumed all the same.
    public var usage: Usage
    /// How long it took.
    public var milliseconds: Int

    /// Makes the event.
    public init(
        number: Int,
        code: String,
        message: String,
        answers: [String],
        usage: Usage,
        milliseconds: Int
    ) {
        self.number = number
        self.code = code
        self.message = message
        self.answers = answers
        self.usage = usage
        self.milliseconds = milliseconds
    }
}

extension StateAdvanced: Codable {
    /// Reads the stored form.
    public init(from decoder: any Decoder) throws { try self.init(json: JSONValue(from: decoder)) }

    /// Writes the stored form.
    public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }

    // There are millions of these, so what can be told from the rest is left out: one answer, its vote, no usage but calls.
    var json: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("answers", .array(answers.map { .string($0) })), ("ms", .integer(Int64(milliseconds))),
            ("n", .integer(Int64(number))),
        ]
        if votes != [0] { members.append(("votes", .array(votes.map { .integer(Int64($0)) }))) }
        if winner != 0 { members.append(("winner", .integer(Int64(winner)))) }
        if !flags.isEmpty {
            let all = flags.sorted { $0.key < $1.key }.map { (key: String($0.key), value: JSONValue.string($0.value)) }
            members.append(("flags", .object(JSONObject(all))))
        }
        if usage != Usage(calls: votes.count) { members.append(("usage", (try? JSONValue(encoding: usage)) ?? .null)) }
        if let performer { members.append(("performer", .string(performer))) }
        if recorded { members.append(("recorded", true)) }
        return .object(JSONObject(members))
    }

    init(json: JSONValue) throws {
        guard let number = json["n"]?.integer, let milliseconds = json["ms"]?.integer,
            let answers = json["answers"]?.array?.compactMap(\.string), answers.count == json["answers"]?.array?.count
        else { throw Self.malformed("a member is missing") }
        var votes = [0]
        if let stored = json["votes"] {
            guard let places = stored.array?.compactMap(\.integer) else { throw Self.malformed("votes") }
            votes = places.map { Int($0) }
        }
        var flags: [Int: String] = [:]
        for (key, value) in json["flags"]?.object ?? JSONObject() {
            guard let place = Int(key), let why = value.string else { throw Self.malformed("flags") }
            flags[place] = why
        }
        try self.init(
            number: Int(number),
            answers: answers,
            votes: votes,
            flags: flags,
            winner: json["winner"]?.integer.map { Int($0) } ?? 0,
            usage: try json["usage"]?.decode() ?? Usage(calls: votes.count),
            milliseconds: Int(milliseconds),
            performer: json["performer"]?.string,
            recorded: json["recorded"]?.bool ?? false
        )
    }

    private static func malformed(_ what: String) -> DecodingError {
        .dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: "state_advanced: \(what)"))
    }
}
