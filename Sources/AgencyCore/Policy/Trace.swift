// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencySchema

/// One undertaking as the policy sees it: what was asked for, the plan that was chosen, what was read, and what was tried.
public struct Trace: Hashable, Sendable, Codable {
    /// What the person asked for.
    public var brief: TraceBrief
    /// The plan, as it stood when it was chosen.
    public var plan: TracePlan
    /// What was read, in order.
    public var results: [TraceResult]
    /// The calls that were attempted, in order.
    public var calls: [TraceCall]
    /// Values that a person has allowed for this undertaking.
    public var endorsements: [Endorsement]
    /// What may be done without a question.
    public var mandates: [Mandate]
    /// What was given back to the person as an answer.
    public var answers: [TraceAnswer]

    /// Makes a trace.
    public init(
        brief: TraceBrief,
        plan: TracePlan,
        results: [TraceResult] = [],
        calls: [TraceCall] = [],
        endorsements: [Endorsement] = [],
        mandates: [Mandate] = [],
        answers: [TraceAnswer] = []
    ) {
        self.brief = brief
        self.plan = plan
        self.results = results
        self.calls = calls
        self.endorsements = endorsements
        self.mandates = mandates
        self.answers = answers
    }

    private enum CodingKeys: CodingKey { case brief, plan, results, calls, endorsements, mandates, answers }

    /// Reads an object; what is not there is empty.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            brief: try container.decode(TraceBrief.self, forKey: .brief),
            plan: try container.decode(TracePlan.self, forKey: .plan),
            results: try container.decodeIfPresent([TraceResult].self, forKey: .results) ?? [],
            calls: try container.decodeIfPresent([TraceCall].self, forKey: .calls) ?? [],
            endorsements: try container.decodeIfPresent([Endorsement].self, forKey: .endorsements) ?? [],
            mandates: try container.decodeIfPresent([Mandate].self, forKey: .mandates) ?? [],
            answers: try container.decodeIfPresent([TraceAnswer].self, forKey: .answers) ?? []
        )
    }
}

/// What the person asked for.
public struct TraceBrief: Hashable, Sendable, Codable {
    /// The words.
    public var text: String
    /// Contacts, links and addresses that the person has named elsewhere.
    public var names: [String]?

    /// Makes a brief.
    public init(text: String, names: [String]? = nil) {
        self.text = text
        self.names = names
    }
}

/// What a tool showed.
public struct TraceResult: Hashable, Sendable, Codable {
    /// Its name.
    public var id: ResultID
    /// The call that it answers; `nil` for what was there before the plan.
    public var call: CallID?
    /// The step that it answers, where the call is not told.
    public var step: StepID?
    /// The tool, where neither is told.
    public var tool: ToolName?
    /// What it showed; `nil` where it is not told.
    public var value: JSONValue?
    /// What is known of each field besides what the manifest says, by its path; the empty path for all of it.
    public var labels: [String: Label]?

    /// Makes a result.
    public init(
        id: ResultID,
        call: CallID? = nil,
        step: StepID? = nil,
        tool: ToolName? = nil,
        value: JSONValue? = nil,
        labels: [String: Label]? = nil
    ) {
        self.id = id
        self.call = call
        self.step = step
        self.tool = tool
        self.value = value
        self.labels = labels
    }
}

/// A call that was attempted.
public struct TraceCall: Hashable, Sendable, Codable {
    /// Its name.
    public var id: CallID
    /// The step that it is said to carry out; found in the plan where it is not told.
    public var step: StepID?
    /// The tool.
    public var tool: ToolName
    /// The arguments, complete.
    public var arguments: JSONValue
    /// When, in UTC: `2026-11-21T09:00:00Z`; mandates that end need it.
    public var at: String?

    /// Makes a call.
    public init(id: CallID, step: StepID? = nil, tool: ToolName, arguments: JSONValue, at: String? = nil) {
        self.id = id
        self.step = step
        self.tool = tool
        self.arguments = arguments
        self.at = at
    }
}

/// Names one call of a trace.
public typealias CallID = Identifier<TraceCall>

/// What was given back to the person.
public struct TraceAnswer: Hashable, Sendable, Codable {
    /// Its name.
    public var id: String
    /// What it was made from; `nil` where it is not told, and then it is everything that was read.
    public var of: [Derivation]?

    /// Makes an answer.
    public init(id: String, of: [Derivation]? = nil) {
        self.id = id
        self.of = of
    }
}

/// A person's word that one value may be used for one argument, in this undertaking.
public struct Endorsement: Hashable, Sendable, Codable {
    /// The step; `nil` for any that uses the value in the same way.
    public var step: StepID?
    /// The argument.
    public var argument: FieldPath
    /// The value.
    public var value: JSONValue

    /// Makes an endorsement.
    public init(step: StepID? = nil, argument: FieldPath, value: JSONValue) {
        self.step = step
        self.argument = argument
        self.value = value
    }
}
