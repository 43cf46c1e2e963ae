// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
public import AgencyCore
public import AgencyPerformers
public import AgencyRuntime
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore

/// The decision desk: pages on which people see what waits for them, read it in full, and choose.
///
/// It knows people by links that are printed where only they read them, and by accounts with passwords.
public struct Console: Sendable {
    private let agency: Agency
    private let site: Site
    private let doorkeeper: Doorkeeper
    private let output: StepOutput.Source
    private let trouble: WorkTrouble.Source
    private let revert: Revert?
    private let outgoing: Outgoing?
    private let roles: RoleDesk
    private let briefs: RunBriefs
    private let now: @Sendable () -> Int64
    private let clock: any Clock<Duration>

    /// Takes the workspace of a run back to where it was after a step, or before any, for a person and a reason.
    public typealias Revert = @Sendable (RunID, StepID?, Person, String) async throws -> [StepID]

    /// Who outside is told when a run waits, gives alarm or is over.
    public struct Outgoing: Sendable {
        let hooks: [Webhook]
        let transport: any HTTPTransport
        let onLoss: @Sendable (String) -> Void

        /// Says who is told.
        ///
        /// - Parameters:
        ///   - hooks: The places.
        ///   - transport: Carries what they are told.
        ///   - onLoss: Is told what was given up.
        public init(
            _ hooks: [Webhook],
            over transport: any HTTPTransport,
            onLoss: @escaping @Sendable (String) -> Void
        ) {
            self.hooks = hooks
            self.transport = transport
            self.onLoss = onLoss
        }
    }

    /// Makes a console.
    ///
    /// - Parameters:
    ///   - agency: The runs, and the desk that signs what is chosen here.
    ///   - accounts: Who may come in besides those who read the terminal.
    ///   - site: Where it answers.
    ///   - output: Looks on at the step that is carried out.
    ///   - trouble: Knows why work on a run broke off.
    ///   - revert: Goes back; left out where there are no workspaces.
    ///   - outgoing: Who outside is told what happens.
    ///   - roles: Where people play roles for whoever works on runs in this process.
    ///   - now: The time in milliseconds since 1970 UTC.
    ///   - clock: Measures pauses.
    public init(
        agency: Agency,
        accounts: any AccountStore,
        site: Site,
        output: @escaping StepOutput.Source = { _ in nil },
        trouble: @escaping WorkTrouble.Source = { _ in nil },
        revert: Revert? = nil,
        outgoing: Outgoing? = nil,
        roles: RoleDesk? = nil,
        now: @escaping @Sendable () -> Int64 = WallClock.milliseconds,
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.agency = agency
        self.site = site
        self.now = now
        self.clock = clock
        self.output = output
        self.trouble = trouble
        self.revert = revert
        self.outgoing = outgoing
        self.roles = roles ?? RoleDesk(now: now)
        briefs = RunBriefs(agency: agency)
        doorkeeper = Doorkeeper(
            accounts: accounts,
            deskName: agency.desk?.key.name ?? "desk",
            register: Register(agency.store, now: now),
            now: now
        )
    }

    private static let maximumConnections = 4096

    /// Who sends its request slowly, or none, is not waited for; what is being answered may take as long as it does.
    private static let connections = HTTP1Channel.Configuration(
        idleTimeout: .seconds(60),
        httpDecoderConfiguration: .init(
            maxHeaderFieldSize: 16 << 10,
            maxHeaderListSize: 32 << 10,
            maxHeaderFieldCount: 100
        )
    )

    private var server: HTTPServerBuilder {
        get throws {
            let plain = HTTPServerBuilder.http1(configuration: Self.connections)
            return try site.certificate.map { try .tls(plain, tlsConfiguration: $0.configuration) } ?? plain
        }
    }

    /// Makes a link's path with which one person can sign in once, within ten minutes.
    ///
    /// Whoever reads it is that person: print it where nobody else does.
    public func makeLink(for person: Person) -> String { "/sign-in?link=" + doorkeeper.makeLink(for: person) }

    private var sender: WebhookSender? {
        outgoing.map {
            WebhookSender(
                hooks: $0.hooks,
                agency: agency,
                briefs: briefs,
                transport: $0.transport,
                now: now,
                clock: clock,
                onLoss: $0.onLoss
            )
        }
    }

    /// Who came in, and what was done about accounts.
    var register: Register { doorkeeper.register }

    /// Every route with what it takes to be answered.
    var rules: [RouteRule] { routes(RunWatch(agency: agency, clock: clock)).rules }

    private func routes(_ watch: RunWatch) -> Routes {
        var routes = Routes()
        let view = RunView(agency: agency, doorkeeper: doorkeeper, output: output, trouble: trouble)
        AssetRoutes.add(to: &routes)
        SignInRoutes(doorkeeper: doorkeeper).add(to: &routes)
        PeopleRoutes(doorkeeper: doorkeeper).add(to: &routes)
        InboxRoutes(agency: agency, briefs: briefs, roles: roles, trouble: trouble, now: now).add(to: &routes)
        RecordsRoutes(agency: agency).add(to: &routes)
        OutcomeRoutes(agency: agency).add(to: &routes)
        RunRoutes(agency: agency, doorkeeper: doorkeeper, watch: watch, view: view).add(to: &routes)
        RoleRoutes(roles: roles).add(to: &routes)
        ChoiceRoutes(agency: agency, doorkeeper: doorkeeper, view: view).add(to: &routes)
        PlanRoutes(agency: agency).add(to: &routes)
        GoalRoutes(agency: agency, now: now).add(to: &routes)
        SteerRoutes(agency: agency, revert: revert, now: now).add(to: &routes)
        DataRoutes(agency: agency, output: output, view: view).add(to: &routes)
        return routes
    }

    /// Answers until the task is cancelled.
    ///
    /// - Parameter onReady: Is told the address, without a stroke at its end, as soon as requests are answered.
    /// - Throws: ``RuntimeError`` with `.unavailable` when the port cannot be opened; take another.
    public func run(onReady: @escaping @Sendable (String) async -> Void) async throws {
        let watch = RunWatch(agency: agency, clock: clock)
        let routes = routes(watch)
        var logger = Logger(label: "agency serve") { StreamLogHandler.standardError(label: $0) }
        // What a connection that ends says of itself is of no use to whoever reads the terminal; our own faults are.
        logger.logLevel = .critical
        let application = Application(
            responder: Shield(
                site: site,
                doorkeeper: doorkeeper,
                rules: routes.rules,
                inner: routes.router.buildResponder()
            ),
            server: try server,
            configuration: ApplicationConfiguration(
                address: .hostname(site.address, port: site.port),
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections)
            ),
            onServerRunning: { channel in await onReady(site.origin(port: channel.localAddress?.port ?? site.port)) },
            logger: logger
        )
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await application.run() }
                group.addTask { try await watch.run() }
                if let sender { group.addTask { try await sender.run() } }
                try await group.next()
                group.cancelAll()
            }
        } catch {
            try Task.checkCancellation()
            throw RuntimeError(
                .unavailable,
                "nothing can be served on port \(site.port) of \(site.address): \(error)",
                cause: error
            )
        }
    }
}
#endif
