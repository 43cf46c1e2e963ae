// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

@testable import AgencyCore
import AgencySchema
import AgencyTestKit
import Testing

/// Everything that can be changed between what a person was shown and what is done, by whoever writes the ledger.
///
/// Each cell rewrites one word of the record, folds it again and does whatever is then permitted. No cell may do anything
/// but the very bytes that were shown; the same rewriting of a run whose choices are not signed shows that it could.
@Suite(.timeLimit(.minutes(3)))
struct ChoiceMatrixTests {
    static let ada = TestDesk("ada")
    static let bo = TestDesk("bo")
    static let stranger = TestDesk("stranger")

    /// How far whoever rewrites the record goes.
    enum Forger: CaseIterable {
        /// Changes one word and leaves everything else.
        case naive
        /// Makes sheet and choice fit what was changed, and keeps the old signature.
        case consistent
        /// Makes everything fit, and takes the signature away.
        case unsigned
        /// Makes everything fit, and signs with a key of their own.
        case strange
        /// Does that, and calls the key by the name of the desk's.
        case pretender
    }

    /// A run that waits for its first step, without a surprise on its way.
    static func chosen(_ desks: [TestDesk]) -> History {
        var history = History(desks: desks)
        driveToChoice(&history)
        history.choose(.option("p1"))
        return history
    }

    static func driveToChoice(_ history: inout History) {
        history.drive { $0 == .wait(.choice) || Self.isProposing($0) }
        guard case .perform(let orders) = history.state.agenda() else { return }
        for order in orders { history.begin(order) }
        for (number, order) in orders.enumerated() {
            let steps = SimulatedRun.steps(first: "one \(number)", second: "two", third: "third", forecast: 1)
            history.complete(order.id, SimulatedRun.proposal("Proposal \(number)", steps))
        }
        history.driveToChoice()
    }

    private static func isProposing(_ work: Work) -> Bool {
        if case .perform(let orders) = work { orders.contains { $0.task == .propose } } else { false }
    }

    /// Does what is permitted until something waits for a person or a performer.
    ///
    /// - Returns: The actions that were carried out.
    static func enact(_ history: inout History) -> [Action] {
        let before = history.state.enactment.trials.count
        loop: for _ in 0..<60 {
            switch history.state.agenda() {
            case .enact(let step):
                do { try history.intend(step) } catch { break loop }
                guard history.state.enactment.current != nil else { break loop }
                history.observe(step)
            case .checkpoint, .settle, .revert, .settleGoals: history.step()
            default: break loop
            }
        }
        return history.state.enactment.trials.dropFirst(before).map(\.step.action)
    }

    /// The record again with one word changed, made to fit as far as the forger goes.
    static func rewritten(
        _ history: History,
        _ forger: Forger,
        _ change: (RecordedEvent) throws -> RecordedEvent
    ) rethrows -> History {
        var forged = history
        forged.state = RunState(run: History.run)
        forged.events = []
        for recorded in history.events {
            var recorded = try change(recorded)
            if forger != .naive { fit(&recorded, to: forged.state, forger) }
            forged.events.append(recorded)
            forged.state.apply(recorded)
        }
        return forged
    }

    private static func fit(_ recorded: inout RecordedEvent, to state: RunState, _ forger: Forger) {
        switch recorded.event {
        case .choiceRequested(var event):
            event.sheet = state.currentSheet.with(event.targets)
            event.digest = event.sheet.digest
            recorded.event = .choiceRequested(event)
        case .choiceRecorded(var event):
            event.choice.shown = state.sheet?.digest ?? event.choice.shown
            switch forger {
            case .naive, .consistent: break
            case .unsigned: event.signature = nil
            case .strange: event.signature = stranger.signature(of: event.choice, in: state)
            case .pretender: event.signature = stranger.signature(of: event.choice, in: state, as: ada.key.id)
            }
            recorded.event = .choiceRecorded(event)
        default: break
        }
    }

    @Test func `a record that nobody touched is enacted, signed or not`() {
        for desks in [[], [Self.ada]] {
            var history = Self.chosen(desks)
            let plan = history.state.proposals["p1"]?.plan
            let done = Self.enact(&history)
            #expect(done.map(\.digest) == plan?.ordered?.map(\.action.digest))
            #expect(history.state.anomalies == [])
        }
    }

    @Test func `no word of the record can be changed so that anything but what was shown is done`() async throws {
        let signed = Self.chosen([Self.ada])
        let bare = Self.chosen([])
        let shown = Set(signed.state.proposals["p1"]?.plan.steps.map(\.action.digest) ?? [])
        var cells = 0
        var harmless = 0
        var harmful = 0
        for index in signed.events.indices {
            let json = try JSONValue(parsing: try signed.events[index].storedBytes())
            for path in json.leaves where path.first == .key("body") {
                for forger in Forger.allCases {
                    guard let done = try Self.outcome(of: signed, index, path, forger) else { continue }
                    cells += 1
                    let isAsShown = shown.isSuperset(of: done.map(\.digest))
                    if isAsShown, !done.isEmpty { harmless += 1 }
                    #expect(isAsShown, "\(signed.events[index].event.type) \(path) \(forger)")
                }
            }
            await Task.yield()
        }
        // The same without signatures, where nobody can tell: the forgery that is refused above is one that works.
        for index in bare.events.indices {
            let json = try JSONValue(parsing: try bare.events[index].storedBytes())
            for path in json.leaves where path.first == .key("body") {
                guard let done = try Self.outcome(of: bare, index, path, .consistent) else { continue }
                if !shown.isSuperset(of: done.map(\.digest)) { harmful += 1 }
            }
            await Task.yield()
        }
        #expect(cells > 1000, "\(cells) cells")
        #expect(harmless > 0)
        #expect(harmful >= 9, "each tool and argument of three steps can be forged where nothing is signed: \(harmful)")
        print(
            "choice matrix: \(cells) cells, \(harmless) enacted as shown, 0 otherwise; unsigned: \(harmful) otherwise"
        )
    }

    /// What is done after one word was changed; `nil` when the record cannot be read any more.
    private static func outcome(
        of history: History,
        _ index: Int,
        _ path: [JSONValue.Part],
        _ forger: Forger
    ) throws -> [Action]? {
        let json = try JSONValue(parsing: try history.events[index].storedBytes()).changed(at: path[...])
        guard let changed = try? RecordedEvent(sequence: index, storedBytes: json.canonicalBytes) else { return nil }
        var forged = Self.rewritten(history, forger) { $0.sequence == index ? changed : $0 }
        return enact(&forged)
    }

    /// A choice with everything that it can be spoilt by, each for itself.
    static let spoilt: [(name: String, spoil: @Sendable (inout Choice, inout ChoiceSignature?, RunState) -> Void)] = [
        ("another verdict", { choice, _, _ in choice.verdict = .option("p2") }),
        ("no verdict", { choice, _, _ in choice.verdict = .none }),
        ("sent back", { choice, _, _ in choice.verdict = .sendBack }),
        ("another person", { choice, _, _ in choice.person = "eve" }),
        ("otherwise identified", { choice, _, _ in choice.identifiedBy = "passkey" }),
        ("another reason", { choice, _, _ in choice.reason += "!" }),
        ("a later end", { choice, _, _ in choice.expiresAtMilliseconds += 1 }),
        ("an earlier end", { choice, _, _ in choice.expiresAtMilliseconds -= 1 }),
        ("another sheet", { choice, _, _ in choice.shown = Digest(of: "another") }),
        ("no signature", { _, signature, _ in signature = nil }),
        ("another key's name", { _, signature, _ in signature?.key = bo.key.id }),
        ("an unknown key", { choice, signature, state in signature = stranger.signature(of: choice, in: state) }),
        (
            "another key under the name of this",
            { choice, signature, state in signature = stranger.signature(of: choice, in: state, as: ada.key.id) }
        ),
        ("another number", { _, signature, _ in signature?.nonce = String(repeating: "0", count: 32) }),
        (
            "another number, signed",
            { choice, signature, state in
                signature = ada.signature(of: choice, in: state, nonce: String(repeating: "0", count: 32))
            }
        ),
        ("a cut signature", { _, signature, _ in signature?.signature.removeLast(2) }),
        ("half a byte less", { _, signature, _ in signature?.signature.removeLast() }),
        ("a longer signature", { _, signature, _ in signature?.signature += "00" }),
        ("no bytes", { _, signature, _ in signature?.signature = "" }),
        (
            "upper-case digits",
            { _, signature, _ in
                let digits = signature?.signature ?? ""
                signature?.signature = digits.uppercased()
            }
        ),
        (
            "another run",
            { choice, signature, state in signature = ada.signature(of: choice, in: state, run: "r-other") }
        ),
        (
            "another revision",
            { choice, signature, state in signature = ada.signature(of: choice, in: state, revision: 1) }
        ),
        (
            "longer than the architecture allows",
            { choice, signature, state in
                choice.expiresAtMilliseconds += 3_600_001
                signature = ada.signature(of: choice, in: state)
            }
        ),
        (
            "lapsed before it is recorded",
            { choice, signature, state in
                choice.expiresAtMilliseconds = 1000
                signature = ada.signature(of: choice, in: state)
            }
        ),
        (
            "signed for another sheet",
            { choice, signature, state in
                var other = choice
                other.shown = Digest(of: "another")
                signature = ada.signature(of: other, in: state)
            }
        ),
    ]

    @Test func `a choice with any word changed is refused and listed, and nothing is done`() {
        for (name, spoil) in Self.spoilt {
            var history = History(desks: [Self.ada, Self.bo])
            Self.driveToChoice(&history)
            var choice = Choice(
                verdict: .option("p1"),
                person: "chooser",
                identifiedBy: "test",
                reason: "r",
                shown: history.state.sheet?.digest ?? Digest(of: ""),
                expiresAtMilliseconds: history.now + History.hour
            )
            var signature: ChoiceSignature? = Self.ada.signature(of: choice, in: history.state)
            var sound = history
            sound.record(.choiceRecorded(ChoiceRecorded(choice: choice, signature: signature)))
            #expect(sound.state.choice != nil)
            #expect(sound.state.anomalies == [])
            spoil(&choice, &signature, history.state)
            history.record(.choiceRecorded(ChoiceRecorded(choice: choice, signature: signature)))
            #expect(history.state.choice == nil, "\(name)")
            #expect(history.state.choices.isEmpty, "\(name)")
            #expect(history.state.anomalies.count == 1, "\(name)")
            #expect(Self.enact(&history).isEmpty, "\(name)")
        }
    }

    @Test func `a choice that was used is no choice a second time`() throws {
        var history = Self.chosen([Self.ada])
        let used = try #require(history.events.last?.event)
        let request = try #require(history.events.last { $0.event.type == "choice_requested" }?.event)
        history.record(.choiceLapsed(ChoiceLapsed(reason: "asked again")))
        // Whoever can write events repeats the question with its old number, and then its old answer.
        var replayed = history
        replayed.record(request, used)
        #expect(replayed.state.choice == nil)
        #expect(replayed.state.anomalies.count == 2)
        // An honest question anew has another number, which the old answer does not fit.
        history.step()
        history.record(used)
        #expect(history.state.choice == nil)
        #expect(history.state.anomalies.count == 1)
        history.choose(.option("p1"))
        #expect(history.state.choice != nil)
    }

    @Test func `the choice of one run is none in another with the same options`() throws {
        let first = Self.chosen([Self.ada])
        let used = try #require(first.events.last?.event)
        var second = History(desks: [Self.ada])
        second.state = RunState(run: "r-other")
        second.events = []
        for recorded in first.events.dropLast() {
            var event = recorded.event
            if case .runStarted(var started) = event {
                started.run = "r-other"
                event = .runStarted(started)
            }
            if case .choiceRequested(var request) = event {
                request.sheet = second.state.currentSheet
                request.digest = request.sheet.digest
                event = .choiceRequested(request)
            }
            second.record(event)
        }
        #expect(second.state.agenda() == .wait(.choice))
        var repeated = second
        repeated.record(used)
        #expect(repeated.state.choice == nil)
        if case .choiceRecorded(var event) = used {
            event.choice.shown = second.state.sheet?.digest ?? event.choice.shown
            second.record(.choiceRecorded(event))
        }
        #expect(second.state.choice == nil)
        #expect(second.state.anomalies.count == 1)
    }

    @Test func `whoever chooses second of two at the same request comes too late`() {
        var history = History(desks: [Self.ada, Self.bo])
        Self.driveToChoice(&history)
        let asked = history.state
        history.choose(.option("p1"))
        let second = Choice(
            verdict: .option("p2"),
            person: "bo",
            identifiedBy: "test",
            reason: "r",
            shown: asked.sheet?.digest ?? Digest(of: ""),
            expiresAtMilliseconds: history.now + History.hour
        )
        let signature = Self.bo.signature(of: second, in: asked)
        history.record(.choiceRecorded(ChoiceRecorded(choice: second, signature: signature)))
        #expect(history.state.choices.count == 1)
        #expect(history.state.enactment.proposal == "p1")
        #expect(history.state.anomalies.count == 1)
    }

    @Test func `a request without a new number is refused where choices are signed, and one with it where not`() {
        for nonce in [nil, "", "00", String(repeating: "g", count: 32), String(repeating: "0", count: 34)] {
            var history = History(desks: [Self.ada])
            history.drive { if case .requestChoice = $0 { true } else { false } }
            let sheet = history.state.currentSheet
            history.record(.choiceRequested(ChoiceRequested(sheet: sheet, digest: sheet.digest, nonce: nonce)))
            #expect(history.state.sheet == nil, "\(nonce ?? "none")")
        }
        var bare = History()
        bare.drive { if case .requestChoice = $0 { true } else { false } }
        let sheet = bare.state.currentSheet
        bare.record(.choiceRequested(ChoiceRequested(sheet: sheet, digest: sheet.digest, nonce: bare.nonce)))
        #expect(bare.state.sheet == nil)
    }

    @Test func `a kept state in which something else was written is permitted nothing`() {
        let history = Self.chosen([Self.ada])
        var sound = history.state
        sound.enactment.base = "c"
        #expect(AuthorizationTests.refusal(sound) == nil)
        let changes: [(String, (inout RunState) -> Void)] = [
            ("plan", { $0.enactment.plan?.steps[0].action = SimulatedWorld.append("a.txt", "owned") }),
            (
                "plan, proposal and sheet",
                { state in
                    let action = SimulatedWorld.append("a.txt", "owned")
                    state.enactment.plan?.steps[0].action = action
                    state.proposals["p1"]?.plan.steps[0].action = action
                    state.options[0].plan.steps[0].action = action
                    state.dueSheet = nil
                    let forged = state.currentSheet
                    state.sheet = forged
                    state.choice?.choice.shown = forged.digest
                    state.basis?.sheet = forged
                }
            ), ("person", { $0.choice?.choice.person = "eve" }), ("signature", { $0.choice?.signature = nil }),
            ("expiry", { $0.choice?.choice.expiresAtMilliseconds += 1 }), ("desks", { $0.started?.desks = [] }),
            ("other desks", { $0.started?.desks = [Self.stranger.key] }),
        ]
        for (name, change) in changes {
            var state = sound
            change(&state)
            #expect(AuthorizationTests.refusal(state)?.isLapsed == true, "\(name)")
        }
    }

    @Test func `a recorded permission with any word changed permits nothing`() throws {
        var history = Self.chosen([Self.ada])
        history.driveToStep("s1")
        let granted = try history.state.authorize("s1", now: history.now)
        let sound = StepAuthorized(
            step: "s1",
            attempt: granted.attempt,
            action: granted.actionDigest,
            plan: granted.plan,
            choice: granted.choice,
            expiresAtMilliseconds: granted.expiresAtMilliseconds,
            binding: granted.binding
        )
        let intent = StepIntended(step: "s1", effect: granted.effect, action: granted.action)
        let changes: [(String, (inout StepAuthorized) -> Void)] = [
            ("step", { $0.step = "s2" }), ("attempt", { $0.attempt += 1 }), ("action", { $0.action = Digest(of: "x") }),
            ("plan", { $0.plan = Digest(of: "x") }), ("choice", { $0.choice -= 1 }),
            ("expiry", { $0.expiresAtMilliseconds += 1 }), ("binding", { $0.binding = Digest(of: "x") }),
            ("no binding", { $0.binding = nil }),
        ]
        for (name, change) in changes {
            var spoilt = history
            var event = sound
            change(&event)
            spoilt.record(.stepAuthorized(event), .stepIntended(intent))
            #expect(spoilt.state.enactment.current == nil, "\(name)")
        }
        var alone = history
        alone.record(.stepIntended(intent))
        #expect(alone.state.enactment.current == nil)
        var late = history
        late.record(
            .stepAuthorized(sound),
            .runPaused(PersonActed(person: "p", identifiedBy: "i")),
            .runContinued(PersonActed(person: "p", identifiedBy: "i")),
            .stepIntended(intent)
        )
        #expect(late.state.enactment.current == nil)
        history.record(.stepAuthorized(sound), .stepIntended(intent))
        #expect(history.state.enactment.current?.effect == intent.effect)
    }

    @Test func `a permission with any part changed is not valid`() throws {
        var history = Self.chosen([Self.ada])
        history.driveToStep("s1")
        let granted = try history.state.authorize("s1", now: history.now)
        func made(
            run: RunID? = nil,
            step: StepID = "s1",
            attempt: Int? = nil,
            action: Action? = nil,
            chosen: Digest? = nil,
            plan: Digest? = nil,
            choice: Int? = nil,
            expires: Int64? = nil,
            scope: (inout ActionScope) -> Void = { _ in }
        ) -> Bool {
            var changed = granted.scope
            scope(&changed)
            return Authorization(
                run: run ?? granted.run,
                step: step,
                attempt: attempt ?? granted.attempt,
                action: action ?? granted.action,
                actionDigest: chosen ?? granted.actionDigest,
                plan: plan ?? granted.plan,
                choice: choice ?? granted.choice,
                expiresAtMilliseconds: expires ?? granted.expiresAtMilliseconds,
                scope: changed,
                binding: granted.binding
            )
            .isValid(nowMilliseconds: history.now)
        }
        #expect(made())
        #expect(granted.scope.effects != nil)
        #expect(granted.scope.tools != nil)
        #expect(granted.scope.sheet != nil)
        let other = SimulatedWorld.append("a.txt", "owned")
        let tool = Action(tool: "notes.other", arguments: granted.action.arguments)
        let digest = Digest(of: "x")
        let cells = [
            made(run: "r-other"), made(step: "s2"), made(attempt: 2), made(action: other),
            made(action: other, chosen: other.digest), made(action: tool, chosen: tool.digest), made(plan: digest),
            made(choice: 1), made(expires: .max), made { $0.effects = .pure }, made { $0.sheet = digest },
            made { $0.architecture = digest }, made { $0.tools = digest }, made { $0.policy = digest },
            made { $0.revision += 1 }, made { $0.targets = [ActionTarget(path: "a.txt", kind: "file")] },
        ]
        #expect(cells.allSatisfy { !$0 }, "\(cells)")
    }
}

extension JSONValue {
    /// A step on the way to a leaf.
    enum Part: Hashable {
        case key(String)
        case index(Int)
    }

    /// The ways to everything in it that is no list and no mapping.
    var leaves: [[Part]] {
        switch self {
        case .object(let object): object.flatMap { key, value in value.leaves.map { [.key(key)] + $0 } }
        case .array(let array): array.enumerated().flatMap { index, value in value.leaves.map { [.index(index)] + $0 } }
        default: [[]]
        }
    }

    /// The same with the leaf at the end of a way made another of its kind.
    func changed(at path: ArraySlice<Part>) -> JSONValue {
        switch (path.first, self) {
        case (.key(let key), .object(var object)):
            object[key] = object[key]?.changed(at: path.dropFirst())
            return .object(object)
        case (.index(let index), .array(var array)):
            array[index] = array[index].changed(at: path.dropFirst())
            return .array(array)
        case (_, .string(let text)) where text.count >= 32 && Hexadecimal.bytes(text) != nil:
            return .string(text.dropLast() + (text.last == "0" ? "1" : "0"))
        case (_, .string(let text)): return .string(text + "x")
        case (_, .integer(let number)): return .integer(number + 1)
        case (_, .number(let number)): return .number(number / 2)
        case (_, .bool(let flag)): return .bool(!flag)
        default: return .string("x")
        }
    }
}
