// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Foundation

/// What really happened in a rehearsal, as those who did it noted it: an account beside the ledger, with which the ledger
/// is compared.
struct RehearsalDiary: Sendable {
    /// One thing that happened.
    enum Line: Hashable, Sendable {
        /// A performer was asked; noted before, so that it is known even when the process is gone during it.
        case call(EpisodeID)
        /// A tool has acted.
        case act(Digest, EffectClass)
        /// The workspace was kept.
        case checkpoint(String)
        /// The workspace was put back.
        case restore(String)
    }

    let path: String

    /// Adds a line; it is there when this process is killed right afterwards.
    func note(_ line: Line) {
        let text: String =
            switch line {
            case .call(let episode): "call \(episode.rawValue)"
            case .act(let effect, let kind): "act \(effect.hex) \(kind.rawValue)"
            case .checkpoint(let name): "checkpoint \(name)"
            case .restore(let name): "restore \(name)"
            }
        let bytes = Array((text + "\n").utf8)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    }

    /// Everything that was noted, in order.
    var lines: [Line] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap(Self.line)
    }

    private static func line(_ text: Substring) -> Line? {
        let words = text.split(separator: " ").map(String.init)
        guard words.count >= 2 else { return nil }
        switch words[0] {
        case "call": return .call(EpisodeID(words[1]))
        case "checkpoint": return .checkpoint(words[1])
        case "restore": return .restore(words[1])
        case "act":
            guard words.count == 3, let effect = Digest(hex: words[1]), let kind = EffectClass(rawValue: words[2])
            else { return nil }
            return .act(effect, kind)
        default: return nil
        }
    }
}

/// Which effects stand in the world after what a diary tells, and how often each.
struct StandingEffects: Hashable, Sendable {
    private(set) var counts: [Digest: Int] = [:]

    /// Follows a diary: going back to a checkpoint takes away what stayed in the workspace, and nothing else.
    init(_ lines: [RehearsalDiary.Line]) {
        var kept: [String: [Digest: Int]] = [:]
        var inside: [Digest: Int] = [:]
        var outside: [Digest: Int] = [:]
        for line in lines {
            switch line {
            case .call: break
            // Looking twice, and the same key twice to whoever knows it again, is one effect.
            case .act(let effect, .pure): inside[effect] = 1
            case .act(let effect, .transactional): inside[effect, default: 0] += 1
            case .act(let effect, .keyed): outside[effect] = 1
            case .act(let effect, .probeable), .act(let effect, .blind): outside[effect, default: 0] += 1
            case .checkpoint(let name): kept[name] = inside
            case .restore(let name): inside = kept[name] ?? [:]
            }
        }
        counts = inside.merging(outside) { $0 + $1 }
    }

    /// How many different effects stand.
    var count: Int { counts.count }

    /// The effects that stand elsewhere and not here.
    func lost(from other: StandingEffects) -> [Digest] {
        other.counts.keys.filter { counts[$0] == nil }.sorted { $0.hex < $1.hex }
    }

    /// The effects that stand here more often than elsewhere.
    func duplicated(beside other: StandingEffects) -> [Digest] {
        counts.filter { $0.value > (other.counts[$0.key] ?? 0) }.keys.sorted { $0.hex < $1.hex }
    }
}
