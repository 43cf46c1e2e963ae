// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Postgres
import CLibpq
#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// One connection to the server, on a thread of its own.
///
/// No call outlasts its deadline: the library never blocks in a socket, this actor waits for the socket itself. Once
/// something was sent and not answered, the connection is of no further use.
actor PostgresConnection {
    /// Owns what the library allocated, whichever thread lets go of it last.
    private final class Link {
        let raw: OpaquePointer
        init(_ raw: OpaquePointer) { self.raw = raw }
        deinit { PQfinish(raw) }
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
    private let executor = QueueExecutor(label: "openagency.postgres")
    private let location: PostgresLocation
    private let timeout: Duration
    private var link: Link?
    private var prepared: Set<String> = []

    init(_ location: PostgresLocation, timeout: Duration) {
        self.location = location
        self.timeout = timeout
    }

    /// Connects if it is not connected.
    func connect(until deadline: ContinuousClock.Instant) throws(PostgresFault) {
        if let link {
            // A server that went away while nobody asked has left its notice in the socket.
            if ready(PQsocket(link.raw), POLLIN, until: .now) { PQconsumeInput(link.raw) }
            if PQstatus(link.raw) == CONNECTION_OK { return }
            disconnect()
        }
        guard let raw = Self.start(location) else { throw .unreachable("out of memory") }
        let link = Link(raw)
        var wanted = PGRES_POLLING_WRITING
        while wanted != PGRES_POLLING_OK {
            guard PQstatus(raw) != CONNECTION_BAD, wanted != PGRES_POLLING_FAILED else { throw Self.failure(raw) }
            let events = wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT
            guard ready(PQsocket(raw), events, until: deadline) else { throw .unreachable("no answer in time") }
            wanted = PQconnectPoll(raw)
        }
        guard PQsetnonblocking(raw, 1) == 0 else { throw .unreachable(Self.message(raw)) }
        self.link = link
        do {
            var parameters = PostgresParameters()
            // So that what was given up here is given up there, too.
            parameters.add("\(max(1, Int(timeout / .milliseconds(1))))")
            _ = try query(.session, parameters, until: deadline)
        } catch {
            disconnect()
            if case .lost(let reason) = error { throw .unreachable(reason) }
            throw error
        }
    }

    /// Closes the connection.
    func disconnect() {
        link = nil
        prepared = []
    }

    /// Runs a statement as a transaction of its own.
    func query(
        _ statement: Statement,
        _ parameters: PostgresParameters = PostgresParameters(),
        until deadline: ContinuousClock.Instant
    ) throws(PostgresFault) -> PostgresRows {
        guard let link else { throw .unreachable("not connected") }
        if prepared.insert(statement.name).inserted {
            guard PQsendPrepare(link.raw, statement.name, statement.text, 0, nil) == 1 else { throw lose(link) }
            do {
                _ = try answer(link, until: deadline)
            } catch {
                prepared.remove(statement.name)
                throw error
            }
        }
        guard Self.send(statement.name, parameters, over: link.raw) else { throw lose(link) }
        return try answer(link, until: deadline)
    }

    /// Runs several statements that take no parameters, as one transaction.
    func run(script: String, until deadline: ContinuousClock.Instant) throws(PostgresFault) {
        guard let link else { throw .unreachable("not connected") }
        guard PQsendQuery(link.raw, script) == 1 else { throw lose(link) }
        _ = try answer(link, until: deadline)
    }

    /// Waits for notices of the channels that are listened to, or for a byte on the other descriptor.
    ///
    /// - Returns: The payloads.
    func notices(orReadable other: Int32, until deadline: ContinuousClock.Instant) throws(PostgresFault) -> [String] {
        guard let link else { throw .unreachable("not connected") }
        let found = takeNotices(link)
        guard found.isEmpty else { return found }
        var descriptors = [
            pollfd(fd: PQsocket(link.raw), events: Int16(POLLIN), revents: 0),
            pollfd(fd: other, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, 2, Self.milliseconds(until: deadline))
        guard descriptors[0].revents != 0 else { return [] }
        guard PQconsumeInput(link.raw) == 1 else { throw lose(link) }
        return takeNotices(link)
    }

    /// Waits until a descriptor is readable or the time is up.
    func wait(for descriptor: Int32, _ duration: Duration) {
        _ = ready(descriptor, POLLIN, until: .now + duration)
    }

    private func takeNotices(_ link: Link) -> [String] {
        var found: [String] = []
        while let notice = PQnotifies(link.raw) {
            found.append(String(cString: notice.pointee.extra))
            PQfreemem(notice)
        }
        return found
    }

    /// Collects what the server answers, up to its being ready again.
    private func answer(_ link: Link, until deadline: ContinuousClock.Instant) throws(PostgresFault) -> PostgresRows {
        try flush(link, until: deadline)
        var rows = PostgresRows(columns: 0)
        var refusal: PostgresFault?
        while true {
            while PQisBusy(link.raw) == 1 {
                guard ready(PQsocket(link.raw), POLLIN, until: deadline) else {
                    disconnect()
                    throw .lost("no answer in time")
                }
                guard PQconsumeInput(link.raw) == 1 else { throw lose(link) }
            }
            guard let result = PQgetResult(link.raw) else { break }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK: rows = Self.rows(result)
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: continue
            default: refusal = refusal ?? Self.refusal(result, link.raw)
            }
        }
        guard PQstatus(link.raw) == CONNECTION_OK else {
            let fault = lose(link)
            // A server that ends the session says so first, and has then undone what it was doing.
            if case .refused(let state, _)? = refusal, state.hasPrefix("57P") { throw .lost(Self.text(refusal)) }
            throw fault
        }
        if let refusal { throw refusal }
        return rows
    }

    private func flush(_ link: Link, until deadline: ContinuousClock.Instant) throws(PostgresFault) {
        while true {
            switch PQflush(link.raw) {
            case 0: return
            case 1:
                guard ready(PQsocket(link.raw), POLLIN | POLLOUT, until: deadline) else {
                    disconnect()
                    throw .lost("no answer in time")
                }
                guard PQconsumeInput(link.raw) == 1 else { throw lose(link) }
            default: throw lose(link)
            }
        }
    }

    private func lose(_ link: Link) -> PostgresFault {
        let reason = Self.message(link.raw)
        disconnect()
        return .lost(reason)
    }

    private func ready(_ descriptor: Int32, _ events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
        guard descriptor >= 0 else { return false }
        while true {
            var item = pollfd(fd: descriptor, events: Int16(events), revents: 0)
            let left = Self.milliseconds(until: deadline)
            let count = poll(&item, 1, left)
            if count > 0 { return true }
            if count == 0, left == 0 || ContinuousClock.now >= deadline { return false }
            if count < 0, errno != EINTR { return false }
        }
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return 0 }
        return Int32(min(left / .milliseconds(1), 60_000).rounded(.up))
    }

    private static func text(_ fault: PostgresFault?) -> String {
        if case .refused(_, let message)? = fault { return message }
        return "the connection ended"
    }
}
#endif
