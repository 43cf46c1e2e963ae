// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import Foundation

/// The recording of one episode: a file of JSON that a person can read.
struct RecordingFile: Sendable {
    /// The episode.
    let episode: EpisodeID
    /// The role.
    var role: RoleName
    /// Its turns, in order.
    var turns: [RecordedTurn]

    /// One recorded turn.
    struct RecordedTurn: Sendable {
        /// The digest of the whole request.
        var request: Digest
        /// The messages that the turn added to those of the turns before it.
        var messages: [JSONValue]
        /// The answer.
        var turn: Turn
    }

    /// The largest file that is read, in bytes.
    static let maximumSize = 256 << 20

    /// Where the recording of an episode is.
    ///
    /// - Throws: ``PerformerError`` with `.notRecorded` when the name could lead elsewhere.
    static func path(of episode: EpisodeID, in directory: String) throws(PerformerError) -> String {
        let name = episode.rawValue
        let isSafe = name.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789._-".unicodeScalars.contains(scalar))
        }
        guard isSafe, (1...200).contains(name.utf8.count), !name.hasPrefix(".") else {
            throw PerformerError(.notRecorded, "“\(name.boundedLine(80))” is no name for a recording")
        }
        return directory + "/" + name + ".json"
    }

    /// Reads a recording; `nil` when there is none.
    ///
    /// - Throws: ``PerformerError`` with `.notRecorded` when it cannot be read.
    static func read(_ episode: EpisodeID, in directory: String) throws(PerformerError) -> RecordingFile? {
        let path = try path(of: episode, in: directory)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard size <= maximumSize else {
                throw PerformerError(.notRecorded, "the recording of \(episode) is larger than \(maximumSize) bytes")
            }
            return try RecordingFile(try JSONValue(parsing: Data(contentsOf: URL(fileURLWithPath: path))), episode)
        } catch let error as PerformerError {
            throw error
        } catch {
            let fault = String(describing: error).boundedLine(200)
            throw PerformerError(.notRecorded, "the recording of \(episode) cannot be read: \(fault)")
        }
    }

    /// Makes an empty recording.
    init(episode: EpisodeID, role: RoleName) {
        self.episode = episode
        self.role = role
        turns = []
    }

    private init(_ json: JSONValue, _ episode: EpisodeID) throws {
        guard json["episode"]?.string == episode.rawValue, let role = json["role"]?.string,
            let turns = json["turns"]?.array
        else { throw PerformerError(.notRecorded, "the file is no recording of \(episode)") }
        self.episode = episode
        self.role = RoleName(role)
        self.turns = try turns.map { turn in
            guard let digest = turn["request"]?.string.flatMap(Digest.init(hex:)),
                let messages = turn["messages"]?.array, let answer = turn["turn"]
            else { throw PerformerError(.notRecorded, "the recording of \(episode) lacks a part of a turn") }
            return RecordedTurn(request: digest, messages: messages, turn: try answer.decode(Turn.self))
        }
    }

    /// Writes the recording, all of it or nothing.
    ///
    /// - Throws: what the file system says.
    func write(in directory: String) throws {
        let path = try Self.path(of: episode, in: directory)
        let turns: [JSONValue] = try self.turns.map { recorded in
            var turn = recorded.turn
            turn.recorded = false
            return [
                "request": .string(recorded.request.hex), "messages": .array(recorded.messages),
                "turn": try JSONValue(encoding: turn),
            ]
        }
        let json: JSONValue = [
            "episode": .string(episode.rawValue), "role": .string(role.rawValue), "turns": .array(turns),
        ]
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data((json.prettyText + "\n").utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    }
}
