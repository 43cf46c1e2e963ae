// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import HTTPTypes
import Hummingbird
import Logging

/// What every answer says to browsers, and which requests are not looked at.
///
/// A name that leads here only in one browser (DNS rebinding) is told by `Host`; a form that another page sends, by `Origin`
/// and `Sec-Fetch-Site`. Nothing is loaded from elsewhere, shown within other pages, or run that is no file of ours.
struct Shield<Inner: HTTPResponder>: HTTPResponder where Inner.Context == ConsoleContext {
    let doorkeeper: Doorkeeper
    /// What answers requests that are looked at.
    let inner: Inner

    @concurrent func respond(to request: Request, context: ConsoleContext) async throws -> Response {
        var context = context
        var response: Response
        do {
            try check(request, port: context.port)
            if let token = request.cookies[SessionCookie.name]?.value, let session = doorkeeper.session(token) {
                context.access = (token, session)
            }
            response = try await inner.respond(to: request, context: context)
            if response.status == .notFound { throw Fault(.notFound, "There is no such page.") }
        } catch {
            let fault = Fault(error)
            if fault.status == .internalServerError { context.logger.critical("\(error)") }
            response = Answers.fault(fault, to: request)
        }
        for (name, value) in SecurityHeaders.all where response.headers[name] == nil { response.headers[name] = value }
        return response
    }

    private func check(_ request: Request, port: Int?) throws {
        guard let host = request.head.authority, let port,
            ConsoleNames.all.contains(where: { host.lowercased() == "\($0):\(port)" })
        else {
            throw Fault(
                .misdirectedRequest,
                "This console does not go by that name; use the address that the terminal says."
            )
        }
        guard ![.get, .head].contains(request.method) else { return }
        // Pages that tell nobody where they are from, as ours, have browsers send “null”; then the browser's own word counts.
        let origin = request.headers[.origin]
        let site = request.headers[.secFetchSite]
        let isOwn = origin == "http://" + host || (origin ?? "null") == "null" && site == "same-origin"
        guard isOwn, site == nil || site == "same-origin" else {
            throw Fault(.forbidden, "This was sent by another page, and was not looked at.")
        }
    }
}

extension HTTPField.Name {
    fileprivate static let secFetchSite = HTTPField.Name(known: "Sec-Fetch-Site")
}
#endif
