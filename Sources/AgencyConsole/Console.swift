// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
public import AgencyRuntime
import Hummingbird
import Logging
import NIOCore

/// The decision desk: pages on which people see what waits for them, read it in full, and choose.
///
/// It answers on this machine only, and knows people by links that are printed where only they read them.
public struct Console: Sendable {
    private let agency: Agency
    private let port: Int
    private let doorkeeper: Doorkeeper
    private let now: @Sendable () -> Int64
    private let clock: any Clock<Duration>

    /// Makes a console.
    ///
    /// - Parameters:
    ///   - agency: The runs, and the desk that signs what is chosen here.
    ///   - port: The port on `127.0.0.1`; 0 for any that is free.
    ///   - now: The time in milliseconds since 1970 UTC.
    ///   - clock: Measures pauses.
    public init(
        agency: Agency,
        port: Int,
        now: @escaping @Sendable () -> Int64 = WallClock.milliseconds,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.agency = agency
        self.port = port
        self.now = now
        self.clock = clock
        doorkeeper = Doorkeeper(now: now)
    }

    /// Makes a link's path with which one person can sign in once, within ten minutes.
    ///
    /// Whoever reads it is that person: print it where nobody else does.
    public func makeLink(for person: Person) -> String { "/sign-in?link=" + doorkeeper.makeLink(for: person) }

    /// Answers until the task is cancelled.
    ///
    /// - Parameter onReady: Is told the port as soon as requests are answered.
    /// - Throws: ``RuntimeError`` with `.unavailable` when the port cannot be opened; take another.
    public func run(onReady: @escaping @Sendable (Int) async -> Void) async throws {
        let router = Router(context: ConsoleContext.self)
        PageRoutes(agency: agency, doorkeeper: doorkeeper, now: now, clock: clock).add(to: router)
        DataRoutes(agency: agency).add(to: router)
        var logger = Logger(label: "agency serve") { StreamLogHandler.standardError(label: $0) }
        // What a connection that ends says of itself is of no use to whoever reads the terminal; our own faults are.
        logger.logLevel = .critical
        let application = Application(
            responder: Shield(doorkeeper: doorkeeper, inner: router.buildResponder()),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { channel in await onReady(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        do {
            try await application.run()
        } catch {
            try Task.checkCancellation()
            throw RuntimeError(
                .unavailable,
                "nothing can be served on port \(port) of 127.0.0.1: \(error)",
                cause: error
            )
        }
    }
}
#endif
