// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// The control flow that a person chose: calls with holes that what is read later may fill, and nothing else.
public struct TracePlan: Hashable, Sendable, Codable {
    /// The planned calls, in order.
    public var steps: [TraceStep]
    /// Whether a person has chosen it.
    public var isChosen: Bool

    /// Makes a plan.
    public init(steps: [TraceStep], isChosen: Bool = true) {
        self.steps = steps
        self.isChosen = isChosen
    }

    private enum CodingKeys: String, CodingKey { case steps, isChosen = "chosen" }

    /// Reads an object; a plan of which nothing is said has been chosen.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        steps = try container.decode([TraceStep].self, forKey: .steps)
        isChosen = try container.decodeIfPresent(Bool.self, forKey: .isChosen) ?? true
    }
}

/// One planned call.
public struct TraceStep: Hashable, Sendable, Codable {
    /// Its name.
    public var id: StepID
    /// The tool.
    public var tool: ToolName
    /// Where the value of each argument comes from, by its path.
    public var arguments: [String: Derivation]
    /// The steps that come before it; `nil` for all that are written before it.
    public var after: [StepID]?
    /// What it stands under, the outermost first.
    public var under: [Guard]
    /// What the step itself was taken from, where that is not the brief.
    public var origin: [Derivation]

    /// Makes a planned call.
    public init(
        id: StepID,
        tool: ToolName,
        arguments: [String: Derivation] = [:],
        after: [StepID]? = nil,
        under: [Guard] = [],
        origin: [Derivation] = []
    ) {
        self.id = id
        self.tool = tool
        self.arguments = arguments
        self.after = after
        self.under = under
        self.origin = origin
    }

    private enum CodingKeys: CodingKey { case id, tool, arguments, after, under, origin }

    /// Reads an object; what is not there is empty.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            id: try container.decode(StepID.self, forKey: .id),
            tool: try container.decode(ToolName.self, forKey: .tool),
            arguments: try container.decodeIfPresent([String: Derivation].self, forKey: .arguments) ?? [:],
            after: try container.decodeIfPresent([StepID].self, forKey: .after),
            under: try container.decodeIfPresent([Guard].self, forKey: .under) ?? [],
            origin: try container.decodeIfPresent([Derivation].self, forKey: .origin) ?? []
        )
    }

    /// What decides whether, or how often, a step is carried out.
    public enum Guard: Hashable, Sendable {
        /// Only if this holds.
        case branch(Derivation)
        /// Once for each element of this, so often at most.
        case loop(Derivation, atMost: Int?)

        /// What it depends on.
        var derivation: Derivation {
            switch self {
            case .branch(let condition): condition
            case .loop(let list, _): list
            }
        }
    }

    /// How often it may be carried out at most; `nil` where a loop has no bound.
    var atMost: Int? {
        var count = 1
        for case .loop(_, let atMost) in under {
            guard let atMost else { return nil }
            let (product, isTooMuch) = count.multipliedReportingOverflow(by: max(atMost, 0))
            count = isTooMuch ? .max : product
        }
        return count
    }
}

extension TraceStep.Guard: Codable {
    private enum Keys: String, CodingKey { case condition = "if", list = "each", atMost = "at-most" }

    /// Reads an object with `if`, or with `each` and `at-most`.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        if let condition = try container.decodeIfPresent(Derivation.self, forKey: .condition) {
            self = .branch(condition)
        } else {
            self = .loop(
                try container.decode(Derivation.self, forKey: .list),
                atMost: try container.decodeIfPresent(Int.self, forKey: .atMost)
            )
        }
    }

    /// Writes an object.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        switch self {
        case .branch(let condition): try container.encode(condition, forKey: .condition)
        case .loop(let list, let atMost):
            try container.encode(list, forKey: .list)
            try container.encodeIfPresent(atMost, forKey: .atMost)
        }
    }
}
