using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Palimpsest.Lab.Courses;
using Palimpsest.Reports;
using Palimpsest.Reports.Html;
using Palimpsest.Vocabulary;

namespace Palimpsest.View;

/// <summary>What a view shows.</summary>
/// <param name="Title">What runs, for people.</param>
/// <param name="Port">Of the loopback; 0 for one that is free.</param>
/// <param name="Run">Runs it, and tells the request on the way.</param>
public sealed record ViewRequest(string Title, int Port, Func<CourseRequest, CancellationToken, Film> Run);

/// <summary>A page, and what feeds it.</summary>
/// <param name="Write">Writes the page, which may speak to a port of this machine.</param>
/// <param name="Answer">Answers what a page asks; null for what is no question.</param>
internal sealed record Showing(Action<TextWriter, int> Write, Func<ReadOnlyMemory<byte>, byte[]?> Answer, Telling Telling);

/// <summary>
/// Serves one page and one socket to browsers of this machine: it listens on 127.0.0.1 alone, and answers nobody who calls it by
/// another name, which is how a page of the web would reach it (DNS rebinding).
/// </summary>
public static class ViewServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly string[] OwnNames = ["127.0.0.1", "localhost"];

    /// <summary>Runs what is to be shown and serves the page until somebody ends it.</summary>
    /// <param name="ready">Told the page's address as soon as it can be opened.</param>
    /// <exception cref="UsageException">The port cannot be had.</exception>
    /// <exception cref="InputException">What is to be shown cannot be run; pages are told, and the server ends.</exception>
    public static async Task Run(ViewRequest request, Action<string> ready, CancellationToken ending)
    {
        Telling telling = new();
        LiveFilm film = new(telling);
        Showing showing = new((writer, port) => ViewHtml.Write(writer, request.Title, port), film.Answer, telling);
        await Serve(showing, request.Port, async address =>
        {
            Task<Film> running = Task.Run(() => request.Run(film.Request, ending), ending);
            // What cannot be run at all says so without a page.
            await Task.WhenAny(running, Task.Delay(Patience, ending));
            if (!running.IsFaulted)
            {
                ready(address);
            }

            film.Finish(await running);
            await Task.Delay(Timeout.Infinite, ending);
        }, ending);
    }

    /// <summary>Serves a page while something is done that it shows.</summary>
    /// <param name="port">Of the loopback; 0 for one that is free.</param>
    /// <param name="work">Given the address of the page; ends when nobody is to look any more.</param>
    internal static async Task Serve(Showing showing, int port, Func<string, Task> work, CancellationToken ending)
    {
        await using WebApplication server = Build(showing, port, ending);
        int listening = await Start(server, port);
        try
        {
            await work(InvariantText.Of($"http://127.0.0.1:{listening}/"));
        }
        catch (OperationCanceledException)
        {
            // Somebody has seen enough.
        }
        catch (InputException exception)
        {
            showing.Telling.Tell(FilmMessages.Failed(exception.Message));
            throw;
        }
        finally
        {
            using CancellationTokenSource soon = new(TimeSpan.FromSeconds(2));
            await server.StopAsync(soon.Token);
        }
    }

    private static WebApplication Build(Showing showing, int port, CancellationToken ending)
    {
        // Empty: no file of the folder and no variable of the environment says where it listens.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, port);
        });
        WebApplication server = builder.Build();
        server.UseWebSockets();
        server.Run(context => Answer(context, showing, ending));
        return server;
    }

    private static async Task<int> Start(WebApplication server, int port)
    {
        try
        {
            await server.StartAsync();
        }
        catch (Exception exception) when (exception is IOException or AddressInUseException or System.Net.Sockets.SocketException)
        {
            throw new UsageException(
                $"--port {port}: cannot be listened on ({Reason(exception)}); give another, or 0 for one that is free");
        }

        IServerAddressesFeature addresses = server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        return new Uri(addresses.Addresses.First()).Port;
    }

    private static string Reason(Exception exception) => (exception.InnerException ?? exception).Message.TrimEnd('.').ToLowerInvariant();

    private static async Task Answer(HttpContext context, Showing showing, CancellationToken ending)
    {
        if (!IsOwn(context.Request.Host, context.Connection.LocalPort) || !IsOwnPage(context))
        {
            await Refuse(context, StatusCodes.Status403Forbidden, "This page is for 127.0.0.1 alone.\n");
            return;
        }

        switch (context.Request.Path.Value)
        {
            case "/" when HttpMethods.IsGet(context.Request.Method):
                context.Response.ContentType = "text/html; charset=utf-8";
                context.Response.Headers.CacheControl = "no-store";
                using (StringWriter page = new())
                {
                    showing.Write(page, context.Connection.LocalPort);
                    await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(page.ToString()), context.RequestAborted);
                }

                break;
            case "/film" when context.WebSockets.IsWebSocketRequest:
                using (Onlooker onlooker = new(await context.WebSockets.AcceptWebSocketAsync(), showing.Telling, showing.Answer))
                {
                    await onlooker.Run(ending);
                }

                break;
            default:
                await Refuse(context, StatusCodes.Status404NotFound, "There is nothing here but /.\n");
                break;
        }
    }

    private static bool IsOwn(HostString host, int port) =>
        OwnNames.Contains(host.Host, StringComparer.OrdinalIgnoreCase) && (host.Port ?? 80) == port;

    /// <summary>A browser says which page opens a socket; another page than ours must not.</summary>
    private static bool IsOwnPage(HttpContext context)
    {
        string? origin = context.Request.Headers.Origin;
        return origin is null || (Uri.TryCreate(origin, UriKind.Absolute, out Uri? page) && page.Scheme == Uri.UriSchemeHttp
            && IsOwn(new HostString(page.Host, page.Port), context.Connection.LocalPort));
    }

    private static async Task Refuse(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted);
    }
}
