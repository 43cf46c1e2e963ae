// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import Foundation
import Testing

@testable import AgencyCommands

/// Every class of effects under a kill at every record, by tools that are what they declare and by tools that are not.
@Suite(.timeLimit(.minutes(5)))
struct RehearsalTests {
    static let declarations: [Repeatability] = [
        .pure, .transactional, .keyed(retentionSeconds: 3600), .probeable(), .blind,
    ]

    /// Kills at every record, and says what each came to.
    static func outcomes(
        _ declared: Repeatability,
        isHonest: Bool
    ) async throws -> (CrashRehearsal.Reference, [CrashRehearsal.Outcome]) {
        let root = try RehearsalFolder.makeRoot()
        defer { root.remove() }
        let before = root.path + "/before"
        try FileManager.default.createDirectory(atPath: before, withIntermediateDirectories: true)
        try Data("hello\n".utf8).write(to: URL(fileURLWithPath: before + "/readme.txt"))
        let rehearsal = CrashRehearsal(undertaking: .letters(declared, isHonest: isHonest), root: root.path)
        let reference = try await rehearsal.reference(from: before)
        var outcomes: [CrashRehearsal.Outcome] = []
        for (number, point) in reference.points.enumerated() {
            outcomes.append(try await rehearsal.outcome(at: point, reference, number: number))
        }
        return (reference, outcomes)
    }

    @Test(arguments: declarations)
    func `an effect that is what its tool declares happens once, wherever the run is killed`(
        _ declared: Repeatability
    ) async throws {
        let (reference, outcomes) = try await Self.outcomes(declared, isHonest: true)
        #expect(reference.account.outcome.hasPrefix("done"))
        #expect(reference.account.effects == 3)
        #expect(outcomes.count > 30)
        for outcome in outcomes {
            let place = Comment(rawValue: "\(declared.effects), killed \(outcome.point.words)")
            #expect(outcome.faults.isEmpty, place)
            #expect(outcome.effects == 3, place)
            #expect(outcome.lost == 0 && outcome.duplicated == 0 && outcome.repeated == 0, place)
        }
    }

    /// Nobody but a person is asked about a blind effect, so there is nothing that such a tool could declare falsely.
    @Test(arguments: declarations.filter { $0.effects != .blind })
    func `a tool that is not what it declares is found out`(_ declared: Repeatability) async throws {
        let (_, outcomes) = try await Self.outcomes(declared, isHonest: false)
        let failed = outcomes.filter { !$0.faults.isEmpty }
        // One place for each of the three letters: it has been sent, and that is not on record.
        #expect(failed.map(\.point.name) == ["s1", "s2", "s3"].map { "before step_observed \($0)" })
        for outcome in failed {
            #expect(outcome.duplicated == 1 && outcome.lost == 0)
            #expect(outcome.faults.first?.contains("shows more than once") == true || outcome.faults.count > 1)
        }
    }

    @Test func `a diary tells what stands`() {
        let (one, two) = (Digest(of: "one"), Digest(of: "two"))
        let undone = StandingEffects([
            .checkpoint("a"), .act(one, .transactional), .act(two, .blind), .restore("a"), .act(one, .transactional),
        ])
        #expect(undone.counts == [one: 1, two: 1])
        let twice = StandingEffects([.act(one, .transactional), .act(one, .transactional), .act(two, .probeable)])
        #expect(twice.counts == [one: 2, two: 1])
        #expect(twice.duplicated(beside: undone) == [one])
        #expect(StandingEffects([.act(two, .keyed), .act(two, .keyed)]).counts == [two: 1])
        #expect(StandingEffects([.act(two, .keyed)]).lost(from: undone) == [one])
    }

    @Test func `what was kept before is shared only while it is the same`() throws {
        let root = try RehearsalFolder.makeRoot()
        defer { root.remove() }
        let folder = RehearsalFolder(path: root.path + "/one")
        try FileManager.default.createDirectory(atPath: folder.workspace, withIntermediateDirectories: true)
        let files = ["old", "new"].map { folder.workspace + "/" + $0 }
        for file in files {
            try Data("first".utf8).write(to: URL(fileURLWithPath: file))
            let times = [timespec(tv_sec: 1000, tv_nsec: 0), timespec(tv_sec: 1000, tv_nsec: 0)]
            #expect(utimensat(AT_FDCWD, file, times, 0) == 0)
        }
        let first = try folder.kept(in: root.path + "/first", sharing: nil)
        try Data("other".utf8).write(to: URL(fileURLWithPath: files[1]))
        let second = try folder.kept(in: root.path + "/second", sharing: (first, timespec(tv_sec: 2000, tv_nsec: 0)))
        func text(_ folder: RehearsalFolder, _ name: String) throws -> String {
            try String(contentsOfFile: folder.workspace + "/" + name, encoding: .utf8)
        }
        #expect(try text(first, "new") == "first")
        #expect(try text(second, "new") == "other")
        #expect(try text(second, "old") == "first")
    }
}
