// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencyLedger
import AgencyRuntime

/// What a rehearsal came to, without anything that may differ between two runs of the same undertaking: times, lengths of
/// time, names of checkpoints, the order in which answers came, and what was begun and broken off.
struct RehearsalAccount: Sendable {
    /// What happened besides episodes, in order, by the ledger.
    private(set) var events: [String] = []
    /// What each episode came to, by the ledger.
    private(set) var episodes: [String: String] = [:]
    /// How often each episode was recorded as ended.
    private(set) var endings: [String: Int] = [:]
    /// The effects that the ledger says stand, by step: those in the workspace go when the step is undone.
    private var recordedInside: [StepID: Set<Digest>] = [:]
    private var recordedOutside: Set<Digest> = []
    private var tools: [ToolManifest] = []
    /// How the run ended.
    private(set) var outcome = ""
    /// How often an episode was begun again because nothing of it had been recorded.
    private(set) var askedAgain = 0
    /// The effects that stand, by the diary of those who brought them about.
    let standing: StandingEffects
    /// What the world outside shows of effects, by whoever can look there: each as often as it happened.
    let witnessed: [String: Int]
    /// What the workspace holds.
    let contents: WorkspaceContents?

    private var openEpisodes: Set<String> = []
    private var actions: [Digest: Action] = [:]

    /// Takes a finished rehearsal's account.
    ///
    /// - Parameters:
    ///   - ledger: Its events.
    ///   - diary: What was noted.
    ///   - witnessed: What the world outside shows.
    ///   - contents: What the workspace holds.
    init(
        of ledger: [RecordedEvent],
        _ diary: [RehearsalDiary.Line],
        witnessed: [String],
        contents: WorkspaceContents?
    ) {
        standing = StandingEffects(diary)
        self.witnessed = witnessed.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        self.contents = contents
        for event in ledger { take(event.event) }
    }

    /// The effects that the ledger says stand.
    var recorded: Set<Digest> { recordedInside.values.reduce(recordedOutside) { $0.union($1) } }

    /// How many effects are there, of those that can be told apart.
    var effects: Int { max(standing.count, witnessed.count) }

    /// How many effects of the other are missing here.
    func lost(from other: RehearsalAccount) -> Int {
        max(standing.lost(from: other.standing).count, other.witnessed.keys.count { witnessed[$0] == nil })
    }

    /// How many effects happened more often here than there.
    func duplicated(beside other: RehearsalAccount) -> Int {
        let seen = witnessed.count { $0.value > (other.witnessed[$0.key] ?? 0) }
        return max(standing.duplicated(beside: other.standing).count, seen)
    }

    /// What differs from a rehearsal that nothing broke off, in words.
    func differences(from reference: RehearsalAccount) -> [String] {
        var found = effectDifferences(from: reference)
        if outcome != reference.outcome { found.append("it ended as “\(outcome)”, not “\(reference.outcome)”") }
        found += contentDifferences(from: reference)
        for (name, output) in reference.episodes.sorted(by: { $0.key < $1.key }) where episodes[name] != output {
            found.append("episode \(name) came to something else")
        }
        for name in episodes.keys.sorted() where reference.episodes[name] == nil {
            found.append("episode \(name) was performed as well")
        }
        for (name, count) in endings.sorted(by: { $0.key < $1.key }) where count != reference.endings[name] {
            found.append("episode \(name) ended \(count) times")
        }
        if let index = zip(events, reference.events).enumerated().first(where: { $1.0 != $1.1 })?.offset {
            found.append("event \(index): “\(events[index])”, not “\(reference.events[index])”")
        } else if events.count != reference.events.count {
            let more = events.count > reference.events.count
            let rest = more ? events[reference.events.count...] : reference.events[events.count...]
            found.append("\(more ? "too much" : "missing"): “\(rest.first ?? "")”")
        }
        return found
    }

    private func effectDifferences(from reference: RehearsalAccount) -> [String] {
        func words(_ effects: [Digest]) -> String { effects.prefix(5).map(\.short).joined(separator: ", ") }
        func quoted(_ lines: [String]) -> String { lines.sorted().prefix(5).map { "“\($0)”" }.joined(separator: ", ") }
        var found: [String] = []
        let lost = standing.lost(from: reference.standing)
        if !lost.isEmpty { found.append("lost effects: \(words(lost))") }
        let twice = standing.duplicated(beside: reference.standing)
        if !twice.isEmpty { found.append("effects that were brought about twice: \(words(twice))") }
        let missing = reference.witnessed.keys.filter { witnessed[$0] == nil }
        if !missing.isEmpty { found.append("the world outside does not show: \(quoted(missing))") }
        let more = witnessed.filter { $0.value > (reference.witnessed[$0.key] ?? 0) }.keys
        if !more.isEmpty { found.append("the world outside shows more than once: \(quoted(Array(more)))") }
        let unrecorded = Set(standing.counts.keys).symmetricDifference(recorded)
        if !unrecorded.isEmpty {
            found.append("ledger and world tell different effects: \(words(unrecorded.sorted { $0.hex < $1.hex }))")
        }
        return found
    }

    private func contentDifferences(from reference: RehearsalAccount) -> [String] {
        guard let contents, let other = reference.contents else { return [] }
        var found: [String] = []
        for (name, digest) in other.files.sorted(by: { $0.key < $1.key }) where contents.files[name] != digest {
            found.append(contents.files[name] == nil ? "\(name) is not there" : "\(name) holds something else")
        }
        for name in contents.files.keys.sorted() where other.files[name] == nil {
            found.append("\(name) is there as well")
        }
        if contents.history != other.history { found.append("the repository's commits differ") }
        return found
    }
}

extension RehearsalAccount {
    private mutating func take(_ event: Event) {
        switch event {
        case .runStarted(let body):
            tools = body.tools
            events.append(event.type)
        case .episodeStarted(let body):
            let name = body.order.id.rawValue
            if openEpisodes.contains(name) { askedAgain += 1 }
            openEpisodes.insert(name)
        case .episodeCompleted(let body): end(body.episode, Digest(of: body.output).hex)
        case .episodeFailed(let body): end(body.episode, "failed: \(body.code)")
        case .choiceRequested(let body): events.append("choice requested, sheet \(body.digest.short)")
        case .choiceRecorded(let body): events.append("choice recorded: \(EventText.verdict(body.choice.verdict))")
        case .checkpointMade(let body): events.append("checkpoint after \(body.step?.rawValue ?? "nothing")")
        case .stepAuthorized(let body):
            events.append("\(body.step) authorized, attempt \(body.attempt), action \(body.action.short)")
        case .stepIntended(let body):
            actions[body.effect] = body.action
            events.append("\(body.step) intended, effect \(body.effect.short)")
        case .stepObserved(let body):
            happened(body.effect, body.step)
            events.append(Self.observed(body.step, body.result.status, body.changed))
        case .stepReconciled(let body):
            // What was found out instead of seen stands for what would have been seen.
            guard body.finding == .happened else { return }
            happened(body.effect, body.step)
            events.append(Self.observed(body.step, body.result?.status ?? 0, body.changed))
        case .stepSettled(let body):
            let outcomes = body.settlements.map { $0.outcome.map { $0 ? "true" : "false" } ?? "open" }
            let halt = body.halt == nil ? "" : "; halt"
            events.append("\(body.step) settled: \(outcomes.joined(separator: ", "))\(halt)")
        case .stepsReverted(let body): revert(body)
        case .goalsSettled(let body):
            let reached = body.outcomes.map { "\($0.goal) \($0.settlement.outcome.map { "\($0)" } ?? "open")" }
            events.append("goals settled: \(reached.joined(separator: ", "))")
        case .runFinished(let body):
            outcome = "\(body.outcome.rawValue): \(body.summary)"
            events.append("run finished: \(body.outcome.rawValue)")
        // That a person had to be asked is how it went, not what it came to.
        case .reconciliationRequested, .runClaimed: break
        default: events.append(event.type)
        }
    }

    private mutating func end(_ episode: EpisodeID, _ output: String) {
        openEpisodes.remove(episode.rawValue)
        endings[episode.rawValue, default: 0] += 1
        episodes[episode.rawValue] = output
    }

    private mutating func happened(_ effect: Digest, _ step: StepID) {
        let tool = actions[effect].flatMap { action in tools.first { $0.name == action.tool } }
        if (tool?.effects ?? .blind).staysInWorkspace {
            recordedInside[step, default: []].insert(effect)
        } else {
            recordedOutside.insert(effect)
        }
    }

    private mutating func revert(_ event: StepsReverted) {
        for step in event.steps { recordedInside[step] = nil }
        guard event.reason == .interrupted else {
            events.append("\(event.steps.map(\.rawValue).joined(separator: ", ")) reverted: \(event.reason.rawValue)")
            return
        }
        // The try that was broken off and undone is no part of what was done.
        for _ in 0..<2
        where events.last?.contains(" intended, ") == true || events.last?.contains(" authorized, ") == true {
            events.removeLast()
        }
    }

    private static func observed(_ step: StepID, _ status: Int, _ changed: [String]) -> String {
        "\(step) observed: status \(status), changed \(changed.joined(separator: ", "))"
    }
}
