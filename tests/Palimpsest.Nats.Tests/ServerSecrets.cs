using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using NATS.NKeys;

namespace Palimpsest.Nats.Tests;

/// <summary>What a server wants to see that trusts nobody: certificates of both sides, and a user's credentials.</summary>
internal static class ServerSecrets
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UtcNow.AddDays(-1);
    private static readonly DateTimeOffset End = DateTimeOffset.UtcNow.AddDays(1);

    /// <summary>Writes ca.pem, server.pem, client.pem, their keys, other-ca.pem, and user.creds into a folder.</summary>
    /// <returns>What the configuration of the server says.</returns>
    public static string Make(string folder, IPAddress address)
    {
        using X509Certificate2 authority = Authority(folder, "ca");
        Authority(folder, "other-ca").Dispose();
        Certificate(folder, "server", authority, address);
        Certificate(folder, "client", authority, address: null);
        string file(string name) => Path.Combine(folder, name);
        return Accounts(file("user.creds")) + $$"""
            tls {
              cert_file: "{{file("server.pem")}}"
              key_file: "{{file("server-key.pem")}}"
              ca_file: "{{file("ca.pem")}}"
              verify: true
            }

            """;
    }

    private static X509Certificate2 Authority(string folder, string name)
    {
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN=palimpsest test {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        X509Certificate2 authority = request.CreateSelfSigned(Begin, End);
        File.WriteAllText(Path.Combine(folder, $"{name}.pem"), authority.ExportCertificatePem());
        return authority;
    }

    private static void Certificate(string folder, string name, X509Certificate2 authority, IPAddress? address)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        if (address is not null)
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.Create(authority, Begin, End, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(folder, $"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, $"{name}-key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>An operator, an account with JetStream, the system's own, and a user, whose credentials are written as nsc does.</summary>
    private static string Accounts(string credentials)
    {
        const string limits = "\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,"
            + "\"wildcards\":true,\"conn\":-1,\"leaf\":-1";
        KeyPair root = KeyPair.CreatePair(PrefixByte.Operator);
        KeyPair account = KeyPair.CreatePair(PrefixByte.Account);
        KeyPair system = KeyPair.CreatePair(PrefixByte.Account);
        KeyPair user = KeyPair.CreatePair(PrefixByte.User);
        string of(KeyPair who, KeyPair by, string name, string rest) => Token(who, by, name, rest);
        string stored = $"\"type\":\"account\",\"limits\":{{{limits},"
            + "\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1}";
        string told = of(user, account, "user", "\"type\":\"user\",\"pub\":{},\"sub\":{},\"subs\":-1,\"data\":-1,\"payload\":-1");
        File.WriteAllText(credentials, $"-----BEGIN NATS USER JWT-----\n{told}\n------END NATS USER JWT------\n\n"
            + $"-----BEGIN USER NKEY SEED-----\n{user.GetSeed()}\n------END USER NKEY SEED------\n");
        return $$"""
            operator: {{of(root, root, "operator", "\"type\":\"operator\"")}}
            system_account: {{system.GetPublicKey()}}
            resolver: MEMORY
            resolver_preload: {
              {{account.GetPublicKey()}}: {{of(account, root, "sweeps", stored)}}
              {{system.GetPublicKey()}}: {{of(system, root, "system", $"\"type\":\"account\",\"limits\":{{{limits}}}")}}
            }

            """;
    }

    private static string Token(KeyPair who, KeyPair by, string name, string rest)
    {
        string claims = string.Create(CultureInfo.InvariantCulture, $"{{\"jti\":\"{name}\",\"iat\":{Begin.ToUnixTimeSeconds()},"
            + $"\"iss\":\"{by.GetPublicKey()}\",\"name\":\"{name}\",\"sub\":\"{who.GetPublicKey()}\",\"nats\":{{{rest},\"version\":2}}}}");
        string signed = $"{Base64("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}"u8)}.{Base64(Encoding.UTF8.GetBytes(claims))}";
        byte[] signature = new byte[64];
        by.Sign(Encoding.ASCII.GetBytes(signed), signature);
        return $"{signed}.{Base64(signature)}";
    }

    private static string Base64(ReadOnlySpan<byte> bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);
}
