// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// An intent without an observation, by the class of the tool's effects.
@Suite struct DoubtTests {
    /// A run whose first step was intended and never observed, with tools that declare one class.
    static func inDoubt(_ repeatability: Repeatability?) -> History {
        var simulated = SimulatedRun(critique: 0)
        simulated.tools = SimulatedWorld.manifests.map { manifest in
            var manifest = manifest
            if manifest.name == "notes.append" { manifest.repeatability = repeatability }
            return manifest
        }
        var history = History(simulated)
        history.driveToStep("s1")
        try? history.intend("s1")
        return history
    }

    static func reconciled(
        _ history: History,
        _ finding: StepReconciled.Finding,
        _ means: StepReconciled.Means,
        effect: Digest? = nil
    ) -> Event {
        .stepReconciled(
            StepReconciled(
                step: "s1",
                effect: effect ?? history.state.enactment.current?.effect ?? Digest(of: ""),
                finding: finding,
                means: means,
                note: "because",
                person: means == .person ? "p" : nil
            )
        )
    }

    @Test(arguments: [Repeatability.pure, .transactional])
    func `what a checkpoint undoes is undone and done again`(repeatability: Repeatability) {
        var history = Self.inDoubt(repeatability)
        #expect(FoldTests.words(history).hasPrefix("revert s1"))
        #expect(!history.state.isInDoubt)
        history.step()
        #expect(FoldTests.words(history) == "enact s1")
    }

    @Test func `what its target recognises is sent again, but only while it remembers`() {
        let history = Self.inDoubt(.keyed(retentionSeconds: 60))
        #expect(FoldTests.words(history) == "reconcile s1")
        #expect(history.state.wayOut(now: history.now) == .again)
        #expect(history.state.wayOut(now: history.now + 59_999) == .again)
        guard case .ask = history.state.wayOut(now: history.now + 60_000) else {
            return #expect(Bool(false), "the key is forgotten")
        }
        // A clock that was put back says nothing of how old the key is.
        guard case .ask = history.state.wayOut(now: history.now - 1) else {
            return #expect(Bool(false), "the clock was put back")
        }
        let probed = Self.inDoubt(.keyed(retentionSeconds: 60, canProbe: true, settlingSeconds: 3))
        #expect(probed.state.wayOut(now: probed.now + 60_000) == .probe(settlingSeconds: 3))
    }

    @Test func `permission to send again ends when the target forgets the key, however long recording it takes`() throws
    {
        var history = Self.inDoubt(.keyed(retentionSeconds: 60))
        let intended = history.now
        history.now += 30_000
        let end = try history.state.authorizeAgain("s1", now: history.now).expiresAtMilliseconds
        #expect(end == intended + 60_000)
        // A choice that lapses before that ends it earlier.
        let long = Self.inDoubt(.keyed(retentionSeconds: 1e9))
        let choice = try #require(long.state.choice?.choice.expiresAtMilliseconds)
        let last = try long.state.authorizeAgain("s1", now: long.now).expiresAtMilliseconds
        #expect(last == choice)
    }

    @Test(arguments: [Repeatability.blind, nil])
    func `what nobody can tell is asked of a person, once`(repeatability: Repeatability?) throws {
        var history = Self.inDoubt(repeatability)
        history.step()
        #expect(FoldTests.words(history) == "wait reconcile")
        #expect(history.state.openQuestion?.question.step == "s1")
        #expect(history.state.enactment.trials.last?.effectState == .unknown)
        let current = try #require(history.state.enactment.current)
        AnomalyTests.expectNoted(
            history,
            .reconciliationRequested(history.question(current, "again")),
            "not in doubt"
        )
    }

    @Test func `a person's word that it happened lets enactment go on without acting again`() {
        var history = Self.inDoubt(.blind)
        history.step()
        history.record(Self.reconciled(history, .happened, .person))
        #expect(FoldTests.words(history) == "settle s1")
        #expect(history.state.enactment.trials.last?.effectState == .done)
        #expect(history.state.anomalies.isEmpty)
    }

    @Test func `a person's word that it did not happen makes the step due again, as the same effect`() throws {
        var history = Self.inDoubt(.blind)
        let effect = history.state.enactment.current?.effect
        history.step()
        history.record(Self.reconciled(history, .absent, .person))
        #expect(history.state.enactment.trials.last?.effectState == .undone)
        #expect(FoldTests.words(history).hasPrefix("revert s1"))
        history.step()
        #expect(FoldTests.words(history) == "enact s1")
        let again = try history.state.authorize("s1", now: history.now)
        #expect(again.effect == effect)
        #expect(history.state.anomalies.isEmpty)
    }

    @Test func `what a person leaves open halts enactment, and stays unknown`() {
        var history = Self.inDoubt(.blind)
        let effect = history.state.enactment.current?.effect
        history.step()
        history.record(Self.reconciled(history, .left, .person))
        #expect(FoldTests.words(history).hasSuffix("unknown"))
        history.step()
        #expect(history.state.halt?.step == "s1")
        #expect(history.state.enactment.trials.last?.effectState == .unknown)
        history.drive()
        #expect(history.state.finished != nil)
        // The revised plan does it on purpose, with a person's choice: that is another effect.
        #expect(history.state.enactment.trials.filter { $0.step.id == "s1" }.map(\.effect).last != effect)
        #expect(history.state.anomalies.isEmpty)
    }

    @Test func `a tool that has sent nothing this time cannot tell what became of what was sent before`() {
        var history = Self.inDoubt(.keyed(retentionSeconds: 60))
        #expect(!history.state.wasSentAgain)
        history.record(Self.reconciled(history, .again, .key))
        #expect(history.state.wasSentAgain)
        AnomalyTests.expectNoted(history, Self.reconciled(history, .absent, .tool), "not in doubt")
        #expect(FoldTests.words(history) == "reconcile s1")
    }

    @Test func `nothing can be reconciled by means that its class does not have`() {
        let blind = Self.inDoubt(.blind)
        for (finding, means) in [
            (.again, .key), (.happened, .person), (.absent, .person), (.left, .probe), (.happened, .tool),
            (.left, .tool),
        ] as [(StepReconciled.Finding, StepReconciled.Means)] {
            AnomalyTests.expectNoted(blind, Self.reconciled(blind, finding, means), "not in doubt")
        }
        var asked = blind
        asked.step()
        for (finding, means) in [(.again, .person), (.happened, .probe), (.absent, .tool), (.again, .key)]
            as [(StepReconciled.Finding, StepReconciled.Means)]
        {
            AnomalyTests.expectNoted(asked, Self.reconciled(asked, finding, means), "not in doubt")
        }
        let other = Self.reconciled(asked, .happened, .person, effect: Digest(of: "another"))
        AnomalyTests.expectNoted(asked, other, "not in doubt")
        let late = Self.inDoubt(.keyed(retentionSeconds: 1))
        var forgotten = late
        forgotten.now += 1000
        AnomalyTests.expectNoted(forgotten, Self.reconciled(forgotten, .again, .key), "not in doubt")
        let inside = Self.inDoubt(.transactional)
        AnomalyTests.expectNoted(inside, Self.reconciled(inside, .happened, .probe), "not in doubt")
    }

    @Test func `a question comes before everything else, and going back does not bury it`() {
        var history = Self.inDoubt(.blind)
        let goals = [Goal(id: "g", want: "w", check: SimulatedWorld.lines("a.txt", 1))]
        history.record(FoldTests.edit(goals))
        #expect(FoldTests.words(history) == "reconcile s1")
        history.step()
        #expect(FoldTests.words(history) == "wait reconcile")
        let back = StepsReverted(steps: ["s1"], checkpoint: "c", reason: .person, note: "n", person: "p")
        AnomalyTests.expectNoted(history, .stepsReverted(back), "not to be undone")
    }

    @Test func `without a choice that stands nothing is sent again`() {
        var history = Self.inDoubt(.keyed(retentionSeconds: 60))
        history.record(.choiceLapsed(ChoiceLapsed(reason: "r")))
        guard case .ask = history.state.wayOut(now: history.now) else {
            return #expect(Bool(false), "there is no authority to send it")
        }
        #expect(throws: AuthorizationRefusal.self) {
            _ = try history.state.authorizeAgain("s1", now: history.now).effect
        }
    }

    @Test func `an observation that comes late answers the question`() {
        var history = Self.inDoubt(.blind)
        history.step()
        history.observe("s1")
        #expect(FoldTests.words(history) == "settle s1")
        #expect(history.state.anomalies.isEmpty)
    }

    @Test func `a run from before tools declared their class keeps what it undid`() {
        var simulated = SimulatedRun(critique: 0)
        simulated.tools = SimulatedWorld.manifests.map { manifest in
            var manifest = manifest
            manifest.repeatability = nil
            return manifest
        }
        var history = History(simulated)
        history.driveToStep("s1")
        try? history.intend("s1")
        let undone = StepsReverted(steps: ["s1"], checkpoint: "c", reason: .interrupted, note: "n")
        history.record(.stepsReverted(undone))
        #expect(FoldTests.words(history) == "enact s1")
        #expect(history.state.anomalies.isEmpty)
    }

    @Test func `an episode that is begun again counts as asked again`() {
        var history = History(SimulatedRun(critique: 0))
        let order = history.state.dueOrders()[0]
        history.begin(order)
        history.begin(order)
        #expect(history.state.episodes[order.id]?.askedAgain == 1)
        history.fail(order.id)
        history.record(.episodesReopened(EpisodesReopened(episodes: [order.id], person: "p")))
        history.begin(order)
        #expect(history.state.episodes[order.id]?.askedAgain == 1, "a person who has it tried again is no crash")
    }

    @Test func `a manifest without a class is the most dangerous, and one of a class to come too`() throws {
        let bare = try JSONValue(parsing: #"{"about":"a","effect":"write","name":"n","parameters":{}}"#)
        #expect(try bare.decode(ToolManifest.self).effects == .blind)
        let strange = try JSONValue(parsing: #"{"class":"quantum"}"#)
        #expect(try strange.decode(Repeatability.self) == .blind)
        for repeatability in [
            Repeatability.pure, .keyed(retentionSeconds: 5, canProbe: true), .probeable(settlingSeconds: 2),
        ] {
            #expect(try JSONValue(encoding: repeatability).decode(Repeatability.self) == repeatability)
        }
    }
}
