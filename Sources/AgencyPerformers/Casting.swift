// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

public import AgencyCore

/// Finds the performer for each profile, sharing one limiter among all that use one endpoint.
public struct Casting: Sendable {
    private let environment: [String: String]
    private let transport: (any HTTPTransport)?
    private let terminal: (any Terminal)?
    private let person: (any Performer)?
    private let policy: RetryPolicy
    private let pauses: Stopwatch
    private let deadlines: Stopwatch
    private let random: @Sendable () -> Double
    private let limits: EndpointLimits

    /// Makes a cast.
    ///
    /// - Parameters:
    ///   - profiles: All profiles that will perform; where several share an endpoint, the tightest of their limits holds.
    ///   - environment: The environment variables: keys are looked up in it, and programs get a few of them.
    ///   - transport: How model endpoints are reached; `nil` when they are not to be.
    ///   - terminal: Where people are asked; `nil` when there is nobody to ask.
    ///   - person: Who plays for people where that is not at a terminal.
    ///   - limits: The limits that others share who are cast in this process; its own when left out.
    ///   - policy: When failed requests are sent again.
    ///   - clock: What pauses are waited out with.
    ///   - deadlineClock: What deadlines are measured with; that of the transport when left out.
    ///   - random: Numbers from 0 up to 1 that spread pauses.
    public init(
        profiles: [Profile],
        environment: [String: String],
        transport: (any HTTPTransport)?,
        terminal: (any Terminal)?,
        person: (any Performer)? = nil,
        limits: EndpointLimits? = nil,
        policy: RetryPolicy = RetryPolicy(),
        clock: any Clock<Duration> = ContinuousClock(),
        deadlineClock: (any Clock<Duration>)? = nil,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.environment = environment
        self.transport = transport
        self.terminal = terminal
        self.person = person
        self.policy = policy
        self.random = random
        pauses = Stopwatch(clock)
        let deadlineClock = deadlineClock ?? transport?.clock ?? ContinuousClock()
        deadlines = Stopwatch(deadlineClock)
        self.limits = limits ?? EndpointLimits(clock: clock)
        for profile in profiles { _ = self.limits.limiter(for: profile) }
    }

    /// Makes the performer for a profile.
    ///
    /// - Throws: ``PerformerError`` with `.unauthorized` when the variable for its key is not set, `.badProfile` when it
    ///   cannot be used here as it is written. Nothing helps but a change to the profile or the environment.
    public func performer(for profile: Profile) throws(PerformerError) -> any Performer {
        let limiter = limits.limiter(for: profile)
        switch profile.provider {
        case .openai:
            let key = try key(for: profile)
            return try performer(for: profile, key, OpenAIDialect(profile: profile, key: key), limiter)
        case .anthropic:
            let key = try key(for: profile)
            return try performer(for: profile, key, AnthropicDialect(profile: profile, key: key), limiter)
        case .program where profile.lifetime == .resident:
            return try ResidentPerformer(profile: profile, environment: environment, limiter: limiter)
        case .program:
            return try ProgramPerformer(
                profile: profile,
                environment: environment,
                limiter: limiter,
                deadlines: deadlines
            )
        case .person:
            if let person { return person }
            guard let terminal else {
                throw PerformerError(.badProfile, "the profile “\(profile.name)” is a person, but there is no terminal")
            }
            return PersonPerformer(terminal: terminal, limiter: limiter)
        }
    }

    private func performer(
        for profile: Profile,
        _ key: String?,
        _ dialect: some WireDialect,
        _ limiter: Limiter
    ) throws(PerformerError) -> any Performer {
        guard let transport else {
            throw PerformerError(
                .badProfile,
                "the profile “\(profile.name)” is reached over the network, which is not available here"
            )
        }
        guard !profile.model.isEmpty else {
            throw PerformerError(.badProfile, "the profile “\(profile.name)” names no model")
        }
        let address = profile.url.map { " at \($0)" } ?? ""
        return ModelPerformer(
            dialect: dialect,
            profile: profile,
            key: key,
            about: "\(profile.provider)/\(profile.model)\(address)".boundedLine(200),
            transport: transport,
            limiter: limiter,
            policy: policy,
            pauses: pauses,
            deadlines: deadlines,
            random: random
        )
    }

    private func key(for profile: Profile) throws(PerformerError) -> String? {
        guard let variable = profile.keyVariable else { return nil }
        guard let key = environment[variable], !key.isEmpty else {
            throw PerformerError(
                .unauthorized,
                "the profile “\(profile.name)” needs a key, but the environment variable \(variable) is not set"
            )
        }
        guard key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw PerformerError(
                .unauthorized,
                "the environment variable \(variable) holds characters that no key can have, such as spaces or line ends"
            )
        }
        return key
    }
}
