// Part of OpenAgency.
// SPDX-License-Identifier: Apache-2.0

#if Live
import AgencyCore
import AgencyLedger
import AgencyRuntime
import HTTPTypes
import Hummingbird

extension RunFeed {
    private static let lastEventID = HTTPField.Name(known: "Last-Event-ID")

    /// Opens the stream of the run that the path names, for as long as whoever asks may see it.
    ///
    /// - Throws: ``Fault`` without a place to begin after, and for a run that there is not.
    static func response(
        to request: Request,
        _ context: ConsoleContext,
        agency: Agency,
        watch: RunWatch,
        doorkeeper: Doorkeeper
    ) async throws -> Response {
        let access = try context.signedIn()
        let id = try context.run()
        // A browser that lost the connection says what it heard last.
        let last = request.headers[lastEventID] ?? request.uri.queryParameters["after"].map(String.init) ?? ""
        guard let last = Int(last), (-1...Int(Int32.max)).contains(last) else {
            throw Fault(.badRequest, "“after” is the place of the last event that is known, or -1.")
        }
        guard try await !agency.store.head(of: id).isEmpty else {
            throw Fault(.notFound, "There is no run “\(id)” here.")
        }
        guard let stream = doorkeeper.openStream(for: access) else {
            throw Fault(.tooManyRequests, "Too many pages of this session listen at once; close some.")
        }
        let feed = RunFeed(watch: watch, run: id, last: last, stream: stream) { doorkeeper.isStillIn(access) }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream"],
            body: ResponseBody(asyncSequence: feed)
        )
    }
}
#endif
