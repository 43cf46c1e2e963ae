// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

/// Who performs: a name that roles refer to, bound to a model, a program or a person.
public struct Profile: Hashable, Sendable, Codable {
    /// Its name.
    public var name: ProfileName
    /// Who performs.
    public var provider: Provider
    /// The provider's name of the model.
    public var model: String
    /// Where the provider is reached, without the path of the call: `http://127.0.0.1:11434/v1`.
    public var url: String?
    /// The environment variable that holds the key; the key itself is never written down.
    public var keyVariable: String?
    /// For a program: its path and arguments.
    public var command: [String]
    /// For a program: how long it lives.
    public var lifetime: Lifetime
    /// Sampling temperature, where the provider takes one.
    public var temperature: Double?
    /// The most tokens that one answer may have.
    public var outputTokens: Int
    /// How a schema is asked for.
    public var structure: Structure
    /// How an answer comes.
    public var delivery: Delivery
    /// Price of a million tokens sent.
    public var inputPrice: Money
    /// Price of a million tokens received.
    public var outputPrice: Money
    /// Requests in flight at once.
    public var concurrency: Int
    /// Requests begun in a minute, or `nil` for no limit.
    public var requestsPerMinute: Int?
    /// Seconds without a byte before a request is given up; an answer that comes whole has all of ``overallSeconds``.
    public var idleSeconds: Double
    /// Seconds before a request is given up altogether.
    public var overallSeconds: Double

    /// Makes a profile.
    public init(
        name: ProfileName,
        provider: Provider,
        model: String = "",
        url: String? = nil,
        keyVariable: String? = nil,
        command: [String] = [],
        lifetime: Lifetime = .turn,
        temperature: Double? = nil,
        outputTokens: Int = 8192,
        structure: Structure = .schema,
        delivery: Delivery = .stream,
        inputPrice: Money = .zero,
        outputPrice: Money = .zero,
        concurrency: Int = 4,
        requestsPerMinute: Int? = nil,
        idleSeconds: Double = 120,
        overallSeconds: Double = 600
    ) {
        self.name = name
        self.provider = provider
        self.model = model
        self.url = url
        self.keyVariable = keyVariable
        self.command = command
        self.lifetime = lifetime
        self.temperature = temperature
        self.outputTokens = outputTokens
        self.structure = structure
        self.delivery = delivery
        self.inputPrice = inputPrice
        self.outputPrice = outputPrice
        self.concurrency = concurrency
        self.requestsPerMinute = requestsPerMinute
        self.idleSeconds = idleSeconds
        self.overallSeconds = overallSeconds
    }

    /// Who performs.
    public enum Provider: String, Hashable, Sendable, Codable, CaseIterable {
        /// An endpoint that speaks OpenAI's chat completions.
        case openai
        /// An endpoint that speaks Anthropic's messages.
        case anthropic
        /// A program: JSON on standard input, JSON on standard output.
        case program
        /// A person at the terminal.
        case person
    }

    /// How long a program lives.
    public enum Lifetime: String, Hashable, Sendable, Codable, CaseIterable {
        /// It is started anew for each turn, reads one request and ends.
        case turn
        /// It is started once and answers line by line, for work of very many small episodes.
        case resident
    }

    /// How a schema is asked for.
    public enum Structure: String, Hashable, Sendable, Codable, CaseIterable {
        /// By the provider's own constraint on the output.
        case schema
        /// In words only, for endpoints without such a constraint.
        case prompt
    }

    /// How an answer comes.
    public enum Delivery: String, Hashable, Sendable, Codable, CaseIterable {
        /// As it is written, so that an endpoint which has fallen silent is noticed and what was paid for is known.
        case stream
        /// In one piece when it is finished: less work, and for endpoints that do not stream.
        case whole
    }
}
