// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

import AgencySchema

/// What is known of a value, and which results it comes from.
struct Provenance {
    var label: Label
    /// The sources, by their numbers in ``Sources``, in order.
    var sources: [Int] = []
    /// The sources, none of them trusted, that decided which of several things was read, in order.
    var steering: [Int] = []
    /// Whether untrusted text decided which of several things was read.
    var isSteered = false
    /// The places that it was read from; `nil` among them for one that nobody has named.
    var places: Set<String?> = []

    static let nothing = Provenance(label: .nothing)

    mutating func join(_ other: Provenance) {
        label = label.joined(other.label)
        isSteered = isSteered || other.isSteered
        places.formUnion(other.places)
        steering = Self.union(steering, other.steering)
        sources = Self.union(sources, other.sources)
    }

    mutating func steer(by sources: [Int]) {
        isSteered = true
        steering = Self.union(steering, sources)
    }

    /// The numbers of two ascending lists, each once, ascending.
    private static func union(_ left: [Int], _ right: [Int]) -> [Int] {
        if right.isEmpty || left == right { return left }
        if left.isEmpty { return right }
        var union: [Int] = []
        union.reserveCapacity(left.count + right.count)
        var rest = right[...]
        for number in left {
            while let next = rest.first, next < number { union.append(rest.removeFirst()) }
            if rest.first == number { rest.removeFirst() }
            union.append(number)
        }
        return union + rest
    }
}

/// Every field that was followed back, by a number: a value can come from very many, and numbers are compared quickly.
final class Sources {
    private var numbers: [ValueSource: Int] = [:]
    private var all: [ValueSource] = []

    /// The number of a source.
    func number(of source: ValueSource) -> Int {
        if let number = numbers[source] { return number }
        numbers[source] = all.count
        all.append(source)
        return all.count - 1
    }

    subscript(number: Int) -> ValueSource { all[number] }
}

/// A value that derives from a result that nothing has read.
struct UnreadResult: Error {
    var result: ResultID
}

/// Follows values back to where they come from, through the results of one trace.
struct Provenances {
    let tools: [ToolName: ToolManifest]
    let named: NamedValues
    private let policy: Policy
    private let steps: [StepID: TraceStep]
    private let calls: [CallID: TraceCall]
    private let attempted: Set<StepID>
    /// The results by their own names and by those of the calls and steps that they answer.
    private var results: [String: [TraceResult]] = [:]
    /// The steps that have been carried out.
    private(set) var done: Set<StepID> = []
    /// The calls that have been carried out, with the step that each carries out.
    private var decided: [CallID: StepID] = [:]

    /// What was there before the plan, as text.
    private let earlier: [(id: ResultID, text: String)]
    /// Everything that was read.
    private let read: [TraceResult]
    /// What untrusted text was written where, in order.
    private var stores: [Store] = []
    /// How many of them there were when a call or a step read something.
    private var storesBefore: [String: Int] = [:]
    /// What was followed back since the last call: a value can come from another in very many ways.
    private var known = Known()
    private let sources = Sources()

    private final class Known {
        var values: [String: Provenance] = [:]
    }

    /// What had been written to a place, all of it, when something more was.
    struct Store {
        var place: String?
        var provenance: Provenance
    }

    /// What a tool may show or run of what had been written, by how many writings there were then.
    func stored(before count: Int? = nil, shownBy tool: ToolManifest) -> Provenance {
        var made = Provenance.nothing
        var places: Set<String?> = []
        for store in stores.prefix(count ?? stores.count).reversed() where store.isShown(by: tool) {
            // The last of a place holds what was written there before it.
            if places.insert(store.place).inserted { made.join(store.provenance) }
        }
        return made
    }

    init(policy: Policy, tools: [ToolManifest], trace: Trace, named: NamedValues) {
        self.policy = policy
        self.tools = Dictionary(tools.map { ($0.name, $0) }) { first, _ in first }
        self.named = named
        steps = Dictionary(trace.plan.steps.map { ($0.id, $0) }) { first, _ in first }
        calls = Dictionary(trace.calls.map { ($0.id, $0) }) { first, _ in first }
        attempted = Set(trace.calls.compactMap(\.step))
        read = trace.results
        earlier = trace.results.filter { $0.call == nil && $0.step == nil }
            .map { ($0.id, ($0.value?.texts ?? []).joined(separator: "\n")) }
        for result in trace.results {
            let step = result.step ?? result.call.flatMap { calls[$0]?.step }
            let names = [result.id.rawValue, result.call?.rawValue, step?.rawValue].compactMap(\.self)
            for name in Set(names) { results[name, default: []].append(result) }
        }
    }

    /// Takes a call as carried out.
    mutating func carryOut(_ call: TraceCall, as step: StepID, writing provenance: Provenance) {
        done.insert(step)
        decided[call.id] = step
        known = Known()
        let isPlain = policy.untrusted(provenance.label).isEmpty && provenance.label.readers == .anyone
        if let tool = tools[call.tool], tool.effect != .read, !isPlain || provenance.isSteered {
            var all = stores.last { $0.place == tool.place }?.provenance ?? .nothing
            all.join(provenance)
            stores.append(Store(place: tool.place, provenance: all))
        }
        storesBefore[call.id.rawValue] = stores.count
        storesBefore[step.rawValue] = stores.count
        // Nobody had said which step it was.
        if call.step == nil {
            results[step.rawValue, default: []] += (results[call.id.rawValue] ?? []).filter { $0.step == nil }
        }
    }

    /// Follows a value back.
    func of(_ derivation: Derivation, depth: Int = 0) throws(UnreadResult) -> Provenance {
        // A value that derives from itself, as in a loop, is as little known as any.
        guard depth < 16 else { return Provenance(label: .unknown) }
        switch derivation {
        case .brief(let value):
            if named.contains(value) { return Provenance(label: Label(writers: [.person], readers: .anyone)) }
            // It is said to stand in the brief, and does not: if it was read somewhere, it is from there.
            var made = Provenance(label: Label(writers: [.model], readers: .anyone))
            for result in read where result.value?.holds(value) ?? false {
                made.join(try of(result, FieldPath(""), depth + 1))
            }
            return made
        case .model(let value, let reads):
            var made = try joined(reads, depth)
            made.join(Provenance(label: Label(writers: [.model], readers: .anyone)))
            // Whoever wrote the plan had that before them, whatever is said of what they read.
            if let echo = isEcho(value) { made.join(try of(echo, FieldPath(""), depth)) }
            return made
        case .result(let name, let field, let shape):
            return closing(try of(name, field, depth), shape)
        case .extract(let inputs, let shape):
            // What is read from nothing that is told could be read from anything.
            return closing(inputs.isEmpty ? Provenance(label: .unknown) : try joined(inputs, depth), shape)
        case .parts(let parts): return try joined(parts, depth)
        }
    }

    private func joined(_ derivations: [Derivation], _ depth: Int) throws(UnreadResult) -> Provenance {
        var made = Provenance.nothing
        for derivation in derivations { made.join(try of(derivation, depth: depth + 1)) }
        made.label.isClosed = made.label.isClosed && !derivations.isEmpty
        return made
    }

    private func closing(_ made: Provenance, _ shape: JSONSchema?) -> Provenance {
        var made = made
        made.label.isClosed = shape?.isClosed ?? false
        return made
    }

    private func step(of result: TraceResult) -> StepID? {
        result.step ?? result.call.flatMap { decided[$0] ?? calls[$0]?.step }
    }

    /// The values in a field of the results of a name; `nil` where they are not told.
    func values(_ name: ResultID, _ field: FieldPath) -> [JSONValue]? {
        let values = (results[name.rawValue] ?? []).compactMap(\.value)
        return values.isEmpty ? nil : values.flatMap(field.parts)
    }

    private func of(_ name: ResultID, _ field: FieldPath, _ depth: Int) throws(UnreadResult) -> Provenance {
        let key = "\(name.rawValue)\n\(field)"
        if let made = known.values[key] { return made }
        guard let found = results[name.rawValue], !found.isEmpty else { throw UnreadResult(result: name) }
        var made = Provenance.nothing
        for result in found {
            guard isRead(result) else { throw UnreadResult(result: name) }
            made.join(try of(result, field, depth))
        }
        known.values[key] = made
        return made
    }

    private func isRead(_ result: TraceResult) -> Bool {
        if let call = result.call { return decided[call] != nil }
        guard let step = result.step else { return true }
        return done.contains(step) || !attempted.contains(step)
    }

    private func of(_ result: TraceResult, _ field: FieldPath, _ depth: Int) throws(UnreadResult) -> Provenance {
        let call = result.call.flatMap { calls[$0] }
        let step = step(of: result).flatMap { steps[$0] }
        let tool = call?.tool ?? step?.tool ?? result.tool
        var label = Label.nothing
        var inputs: [Derivation] = []
        if let tool {
            let declared = tools[tool]?.labels(of: field, in: result.value) ?? []
            for one in declared {
                label = label.joined(one.label)
                inputs += (step?.arguments ?? [:]).sorted { $0.key < $1.key }
                    .filter { path, _ in
                        guard let repeats = one.repeats else { return true }
                        return repeats.contains { FieldPath($0).overlaps(FieldPath(path)) }
                    }
                    .map(\.value)
            }
            if declared.isEmpty { label = label.joined(.unknown) }
        }
        let told = (result.labels ?? [:]).filter { FieldPath($0.key).general.overlaps(field.general) }
        for one in told.values { label = label.joined(one) }
        if tool == nil, told.isEmpty { label = label.joined(.unknown) }
        label.isClosed = false
        var made = Provenance(
            label: label,
            sources: [
                sources.number(of: ValueSource(result: result.id, field: field, writers: label.writers.sorted()))
            ],
            places: [tool.flatMap { tools[$0]?.place }]
        )
        if !inputs.isEmpty { made.join(try joined(inputs, depth + 1)) }
        if let tool = tool.flatMap({ tools[$0] }), tool.effect == .read {
            steer(&made, by: step, depth)
            let count = (result.call?.rawValue ?? step?.id.rawValue).flatMap { storesBefore[$0] } ?? 0
            made.join(stored(before: count, shownBy: tool))
        }
        return made
    }
}

extension Provenances {
    /// Notes what untrusted text decided which of several things a step read.
    ///
    /// Only a yes or no, or one of a list that the person has named, picks nothing that the person did not.
    private func steer(_ made: inout Provenance, by step: TraceStep?, _ depth: Int) {
        // Of what was there before the plan, nobody has told how it was come by.
        guard let step else {
            made.isSteered = true
            return
        }
        for (_, derivation) in step.arguments.sorted(by: { $0.key < $1.key }) {
            guard let argument = try? of(derivation, depth: depth + 1) else {
                made.isSteered = true
                continue
            }
            let isPicked = argument.isSteered || !policy.untrusted(argument.label).isEmpty
            guard isPicked, !isAmongNamed(derivation) else { continue }
            made.steer(by: untrusted(argument))
            made.steer(by: argument.steering)
        }
    }

    /// Whether a value can only be a yes or no, or one of several that the person has named.
    func isAmongNamed(_ derivation: Derivation) -> Bool {
        guard case .extract(_, let shape?) = derivation else { return false }
        if shape.json["type"]?.string == "boolean" { return true }
        guard let listed = shape.listed else { return false }
        return !listed.isEmpty && listed.allSatisfy(named.contains)
    }

    /// The text of what was there before the plan and can be written by others, for finding it again in the plan.
    func isEcho(_ value: JSONValue) -> ResultID? {
        guard !earlier.isEmpty else { return nil }
        let words = value.texts.filter { $0.count >= 4 }
        guard !words.isEmpty, !named.contains(value) else { return nil }
        return earlier.first { _, text in words.contains(where: text.contains) }?.id
    }
}

extension Provenances {
    /// Sources by their numbers.
    func sources(_ numbers: [Int]) -> [ValueSource] { numbers.map { sources[$0] } }

    /// The sources of a value that are not trusted.
    func untrusted(_ made: Provenance) -> [Int] {
        made.sources.filter { !policy.trusted.isSuperset(of: sources[$0].writers) }
    }

    /// The first of some sources, and how many more there are.
    private func list(_ numbers: [Int]) -> String {
        let more = numbers.count > 4 ? " and \(numbers.count - 3) more" : ""
        return sources(Array(numbers.prefix(more.isEmpty ? 4 : 3))).map(\.words).joined(separator: ", ") + more
    }

    /// Where a value comes from, in words.
    func words(_ made: Provenance) -> String {
        let strangers = policy.untrusted(made.label)
        guard !strangers.isEmpty else {
            let words = list(made.steering)
            return "what was looked up by " + (words.isEmpty ? "nobody knows what" : words)
        }
        let words = list(untrusted(made))
        let writers = strangers.sorted().map(\.rawValue.shortened).joined(separator: ", ")
        return (words.isEmpty ? "text" : words) + ", which \(writers) could have written"
    }
}

extension Provenances.Store {
    /// Whether a tool may show what was written, as far as anybody has said.
    func isShown(by tool: ToolManifest) -> Bool { place == nil || tool.place == nil || place == tool.place }
}
