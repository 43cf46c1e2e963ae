// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import Hummingbird
import NIOCore

/// What goes with a request on its way through the console.
struct ConsoleContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The word of the session, and who is signed in with it.
    var access: (token: String, session: Session)?

    /// The port that the request came to.
    let port: Int?

    init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
        port = source.channel.localAddress?.port
    }

    /// The run that the path names.
    func run() throws -> RunID { RunID(try parameters.require("run")) }

    /// Who is signed in, and the form that they sent, which has to be one of their session.
    func form(of request: Request) async throws -> (access: (token: String, session: Session), form: Form) {
        let access = try signedIn()
        let form = try await Form(request)
        try form.require(access.session)
        return (access, form)
    }

    /// Who is signed in.
    ///
    /// - Throws: ``Fault`` that leads to the page for signing in.
    func signedIn() throws -> (token: String, session: Session) {
        guard let access else { throw Fault(.unauthorized, "You are not signed in, or no longer.") }
        return access
    }
}
#endif
