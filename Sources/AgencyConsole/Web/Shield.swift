// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyReport
import HTTPTypes
import Hummingbird
import Logging

/// What every answer says to browsers, and which requests are not looked at.
///
/// Another name of this machine is told by `Host`; what another page asks for or sends, by `Sec-Fetch-Site` and `Origin`. Nothing
/// is loaded from elsewhere, shown within other pages, or run that is no file of ours.
struct Shield<Inner: HTTPResponder>: HTTPResponder where Inner.Context == ConsoleContext {
    /// Where the console answers.
    let site: Site
    let doorkeeper: Doorkeeper
    /// The routes that there are.
    let rules: [RouteRule]
    /// What answers requests that are looked at.
    let inner: Inner

    @concurrent func respond(to request: Request, context: ConsoleContext) async throws -> Response {
        var context = context
        var response: Response
        do {
            try check(request, port: context.port)
            let isAsked = request.uri.queryParameters["unasked"] == nil
            if let shown = Self.shown(request) {
                context.renew = { [doorkeeper] in try Self.bearer(shown).flatMap { try doorkeeper.access(token: $0) } }
            } else if let token = request.cookies[SessionCookie.name]?.value {
                context.renew = { [doorkeeper] in try doorkeeper.access(session: token, isAsked: isAsked) }
            }
            context.access = try context.renew()
            response = try await inner.respond(to: request, context: context)
            if response.status == .notFound { throw noSuchPage(request) }
        } catch {
            let fault = Fault(error)
            if fault.status == .internalServerError {
                context.logger.critical("\(Escape.terminal(String(describing: error)))")
            }
            let accounts = fault.status == .unauthorized ? try? doorkeeper.readAccounts() : nil
            response = Answers.fault(fault, to: request, hasAccounts: accounts?.people.isEmpty == false)
            if !fault.allow.isEmpty { response.headers[.allow] = fault.allow.joined(separator: ", ") }
        }
        for (name, value) in SecurityHeaders.all where response.headers[name] == nil { response.headers[name] = value }
        // Who asks for the head alone would take a body for the next answer.
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// Says that there is nothing under a path, or nothing that is done in this way.
    private func noSuchPage(_ request: Request) -> Fault {
        let methods = rules.methods(at: request.uri.path)
        guard !methods.isEmpty else { return Fault(.notFound, "There is no such page.") }
        return Fault(.methodNotAllowed, "This is not done in that way.", allow: methods)
    }

    private func check(_ request: Request, port: Int?) throws {
        let isOfProgram = Self.shown(request) != nil
        let name = request.head.authority?.lowercased() ?? ""
        guard let port, site.goes(by: name, port: port, isProgram: isOfProgram) else {
            throw Fault(
                .misdirectedRequest,
                "This console does not go by that name; use the address that the terminal says."
            )
        }
        // Browsers say from where a page asks; a link that a person follows or types is none of a page's.
        let from = request.headers[.secFetchSite]
        let isReading = [.get, .head].contains(request.method)
        guard from == nil || from == "same-origin" || isReading && (from == "none" || request.uri.path == "/sign-in")
        else {
            throw Fault(.forbidden, "This was asked for by another page, and was not looked at.")
        }
        // What programs send takes their token, which no page can have a browser show.
        let isForPrograms = isOfProgram || request.isForPrograms
        guard !isReading, !isForPrograms || request.headers[.origin] != nil else { return }
        // Pages that tell nobody where they are from, as ours, have browsers send “null”; then their word above counts.
        let origin = request.headers[.origin] ?? "null"
        guard site.isOwn(origin, askedAs: name) || origin == "null" && from == "same-origin" else {
            throw Fault(.forbidden, "This was sent by another page, and was not looked at.")
        }
    }
}

extension Shield {
    /// What a program shows, where programs may come at all.
    private static func shown(_ request: Request) -> String? {
        request.isForPrograms ? request.headers[.authorization] : nil
    }

    /// The word that a program shows.
    private static func bearer(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1]).trimmingWhitespace
    }
}

extension HTTPField.Name {
    fileprivate static let secFetchSite = HTTPField.Name(known: "Sec-Fetch-Site")
}
#endif
