// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
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

    /// Who is signed in.
    ///
    /// - Throws: ``Fault`` that leads to the page for signing in.
    func signedIn() throws -> (token: String, session: Session) {
        guard let access else { throw Fault(.unauthorized, "You are not signed in, or no longer.") }
        return access
    }
}
#endif
