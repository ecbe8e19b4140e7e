using System.CommandLine;
using System.Globalization;
using ImageResize.Cli.Results;
using ImageResize.Client;

namespace ImageResize.Cli.Commands;

/// <summary>Prints addresses that are thumbnails. Sends nothing to the service.</summary>
internal static class SignCommand
{
    public static Command Create()
    {
        var sources = new Argument<string[]>("SOURCE")
        {
            Description = "Sources that the service can read: photos/cat.jpg, blob://..., https://...",
            Arity = ArgumentArity.OneOrMore,
        };
        var expiresIn = new Option<TimeSpan?>("--expires-in")
        {
            Description = "How long the addresses are valid, such as 12:00:00 or 7.00:00:00 for 7 days. The default is without end.",
            HelpName = "TIME",
        };
        var expiresAt = new Option<DateTimeOffset?>("--expires-at")
        {
            Description = "The time until which the addresses are valid, such as 2027-01-31T12:00:00Z.",
            HelpName = "TIME",
        };
        var thumbnail = new ThumbnailArguments(allowsAuto: true);
        var command = new Command("sign", "Print addresses that are thumbnails, for pages and mails.") { sources, expiresIn, expiresAt };
        command.Add(Settings.SigningKey);
        thumbnail.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(expiresIn) is not null && result.GetResult(expiresAt) is not null)
            {
                result.AddError("Set --expires-in or --expires-at, not both.");
            }
        });
        command.SetAction((parsed, _) => Session.RunAsync(
            parsed,
            session => Task.FromResult(Sign(
                session,
                parsed.GetRequiredValue(sources),
                thumbnail.Read(parsed),
                Settings.ReadSigningKey(parsed),
                parsed.GetValue(expiresAt) ?? DateTimeOffset.UtcNow + parsed.GetValue(expiresIn))),
            isOffline: true));

        return command;
    }

    private static int Sign(Session session, string[] sources, ThumbnailOptions options, string key, DateTimeOffset? expiresAt)
    {
        var signer = new AddressSigner(key);
        var service = session.Address.AbsoluteUri.TrimEnd('/');
        foreach (var source in sources)
        {
            var address = service + signer.Sign(source, options, expiresAt);
            var expires = expiresAt?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            session.Output.Write(new AddressReport(source, address, expires), CliJson.Default.AddressReport, address);
        }

        return ExitCode.Success;
    }
}
