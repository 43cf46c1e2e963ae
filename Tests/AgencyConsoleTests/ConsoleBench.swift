// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
@testable import AgencyConsole
import AgencyCore
import AgencyLedger
import AgencyRuntime
import AgencySchema
import AgencyTestKit
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

/// A console on a port of its own, over a ledger in memory with a run that waits for a choice.
struct ConsoleBench: Sendable {
    static let person = Person(name: "ada", identifiedBy: "a link in a test")

    /// Goes where it is told and nowhere else; it lasts as long as the process.
    static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    let agency: Agency
    let run: RunID
    let console: Console
    let accounts: AccountsInMemory
    let roles: RoleDesk
    /// The time that the console goes by, which is moved by hand.
    let clock: SteppedClock
    let simulated: SimulatedRun
    let cast: Cast
    /// The address by which the console goes.
    var origin = ""

    var host: String { String(origin.dropFirst("http://".count)) }
    var port: Int { host.split(separator: ":").last.flatMap { Int($0) } ?? 0 }

    /// Works with an open console.
    ///
    /// - Parameters:
    ///   - simulated: The undertaking.
    ///   - choosers: Who has an account from the beginning, and may choose.
    ///   - output: What episodes answer, where they do not answer as the undertaking has them.
    ///   - body: The work.
    /// - Throws: what the work throws.
    static func with(
        _ simulated: SimulatedRun = SimulatedRun(critique: 0),
        choosers: [String] = [],
        output: (@Sendable (EpisodeID) -> JSONValue)? = nil,
        _ body: @escaping @Sendable (ConsoleBench) async throws -> Void
    ) async throws {
        let clock = SteppedClock()
        var generator = SplitMix64(seed: 7)
        let desk = try Desk(SigningKey.make(name: "test", using: &generator))
        let accounts = AccountsInMemory()
        for name in choosers { try accounts.add(name, .chooser) }
        let agency = Agency(
            store: InMemoryLedgerStore(),
            now: { clock.nowMilliseconds },
            makeRunID: { "r-test" },
            desk: desk,
            trust: DeskTrust(reading: { [desk.key] }, accounts: { accounts.read().choosers }, takesUnsigned: false)
        )
        let performer = ScriptedPerformer { request in
            .output(output.map { $0(request.episode) } ?? simulated.output(of: request.episode))
        }
        let cast = Cast(everyone: performer, in: simulated.architecture)
        let run = try await agency.start(
            simulated.brief,
            with: simulated.architecture,
            cast: cast,
            tools: simulated.tools,
            workspace: "notes",
            by: "starter"
        )
        let state = try await agency.work(on: run, cast: cast, world: simulated.makeWorld())
        #expect(state.agenda() == .wait(.choice))
        let roles = RoleDesk(now: { clock.nowMilliseconds })
        let console = Console(
            agency: agency,
            accounts: accounts,
            site: .onThisMachine(port: 0),
            roles: roles,
            now: { clock.nowMilliseconds }
        )
        let bench = ConsoleBench(
            agency: agency,
            run: run,
            console: console,
            accounts: accounts,
            roles: roles,
            clock: clock,
            simulated: simulated,
            cast: cast
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (addresses, told) = AsyncStream<String>.makeStream()
            group.addTask { try await console.run { told.yield($0) } }
            group.addTask {
                var open = bench
                for await address in addresses {
                    open.origin = address
                    break
                }
                try await body(open)
            }
            // Whichever ends first: the work, or a console that did not come about.
            try await group.next()
            group.cancelAll()
        }
    }

    /// Asks as a browser does.
    func ask(
        _ method: String,
        _ path: String,
        session: String? = nil,
        form: [String: String]? = nil,
        json: JSONValue? = nil,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)" + path)
        request.method = .RAW(value: method)
        request.headers.add(name: "host", value: host)
        if let session { request.headers.add(name: "cookie", value: session) }
        if method == "POST", headers["origin"] == nil, headers["authorization"] == nil {
            request.headers.add(name: "origin", value: origin)
        }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let form {
            let fields = form.map { "\(Self.encoded($0.key))=\(Self.encoded($0.value))" }.joined(separator: "&")
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: fields))
        }
        if let json {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: json.canonicalBytes))
        }
        let response = try await Self.client.execute(request, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 8 << 20)
        return Answer(
            status: response.status.code,
            headers: response.headers.map { ($0.name.lowercased(), $0.value) },
            text: String(buffer: body)
        )
    }

    struct Answer {
        var status: UInt
        var headers: [(name: String, value: String)]
        var text: String

        subscript(name: String) -> String? { headers.first { $0.name == name }?.value }

        /// The value of a hidden field.
        func field(_ name: String) throws -> String {
            let part = try #require(text.components(after: "name=\"\(name)\" value=\""))
            return String(part.prefix { $0 != "\"" })
        }
    }

    /// Signs in, and returns the cookie.
    func signIn() async throws -> String {
        let link = console.makeLink(for: Self.person)
        let page = try await ask("GET", link)
        #expect(page.status == 200)
        let answer = try await ask("POST", "/sign-in", form: ["link": try page.field("link")])
        #expect(answer.status == 303)
        let cookie = try #require(answer["set-cookie"])
        for word in ["__Host-agency=", "HttpOnly", "Secure", "SameSite=Strict", "Path=/"] {
            #expect(cookie.contains(word))
        }
        return String(cookie.prefix { $0 != ";" })
    }

    /// Signs in with a password, and returns the cookie.
    func signIn(_ name: String, _ password: String) async throws -> String {
        let answer = try await ask("POST", "/sign-in", form: ["name": name, "password": password])
        #expect(answer.status == 303)
        return String(try #require(answer["set-cookie"]).prefix { $0 != ";" })
    }

    static let password = "correct horse battery"

    /// Lets somebody in, with the password of the tests.
    func add(_ name: String, _ role: Account.Role) throws { try accounts.add(name, role) }

    /// Lets a program in, and returns what it shows.
    func addProgram(_ name: String, mayHold: Bool, maySettle: Bool? = nil) throws -> [String: String] {
        let word = Tokens.random()
        let program = ProgramToken(
            name: name,
            word: Tokens.digest(word),
            mayHold: mayHold,
            madeBy: "ada",
            maySettle: maySettle
        )
        try accounts.change { try $0.add(program) }
        return ["authorization": "Bearer \(word)"]
    }

    /// Opens the page of the run and reads it for a while.
    ///
    /// - Returns: The fields of its form.
    func openForm(_ session: String, milliseconds: Int64 = 5000) async throws -> [String: String] {
        let page = try await ask("GET", "/runs/\(run)", session: session)
        #expect(page.status == 200)
        clock.advance(by: .milliseconds(milliseconds))
        return ["form": try page.field("form"), "view": try page.field("view"), "shown": try page.field("shown")]
    }

    func choose(_ session: String, _ form: [String: String]) async throws -> Answer {
        try await ask("POST", "/runs/\(run)/choice", session: session, form: form)
    }

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

/// Accounts that end with the test.
final class AccountsInMemory: AccountStore {
    private let kept = Mutex(Accounts())

    func read() -> Accounts { kept.withLock(\.self) }
    func change(_ change: (inout Accounts) throws -> Void) throws { try kept.withLock { try change(&$0) } }

    /// Lets somebody in, with the password of the tests at a cost that spares them.
    func add(_ name: String, _ role: Account.Role) throws {
        let salt = String(repeating: "5a", count: 16)
        let shown = try PasswordHash.set(ConsoleBench.password, salt: salt, cost: 1 << 4)
        let key = try PersonKey("\(name)@bench", seed: Hexadecimal.bytes(Tokens.random()) ?? [], for: shown)
        try change { try $0.add(Account(name: name, role: role, password: shown.kept, key: key)) }
    }
}

extension String {
    fileprivate func components(after mark: String) -> Substring? {
        firstRange(of: mark).map { self[$0.upperBound...] }
    }
}
#endif
