using System.Buffers.Binary;
using System.Text;
using Palimpsest.Userland.Files;

namespace Palimpsest.Userland.Calls;

/// <summary>Names of sockets as calls give and take them (struct sockaddr_un, sockaddr_in).</summary>
internal static class SocketNames
{
    private const int FamilyBytes = 2;
    private const int InternetBytes = 14;

    /// <summary>The name behind the family: a path or an abstract name; or port, address and zeros.</summary>
    public static byte[] NameOf(GuestThread thread, OpenSocket socket, CallArguments arguments)
    {
        int bytes = arguments.Int(2);
        if (bytes is < FamilyBytes + 1 or > 128)
        {
            throw new CallException(Errno.EINVAL);
        }

        byte[] address = thread.Process.Memory.Read(arguments[1], bytes);
        if (BinaryPrimitives.ReadUInt16LittleEndian(address) != socket.Family)
        {
            throw new CallException(socket.Family == OpenSocket.InternetFamily ? Errno.EAFNOSUPPORT : Errno.EINVAL);
        }

        return socket.Family == OpenSocket.InternetFamily
            ? bytes >= 8 ? [.. address[FamilyBytes..8], .. new byte[8]] : throw new CallException(Errno.EINVAL)
            : address[FamilyBytes..];
    }

    /// <summary>Of a local name that is one: a whole path; null of any other.</summary>
    public static string? PathOf(GuestThread thread, int family, byte[] name)
    {
        if (family != OpenSocket.LocalFamily || name[0] == 0)
        {
            return null;
        }

        int end = Array.IndexOf(name, (byte)0);
        string path = Encoding.UTF8.GetString(name, 0, end < 0 ? name.Length : end);
        return path.StartsWith('/') ? path : $"{thread.Process.Folder.TrimEnd('/')}/{path}";
    }

    /// <summary>What two sockets that have the same name have in common.</summary>
    public static string KeyOf(GuestThread thread, int family, byte[] name) => family == OpenSocket.InternetFamily
        ? $"port {BinaryPrimitives.ReadUInt16BigEndian(name)}"
        : PathOf(thread, family, name) ?? $"name {Convert.ToHexString(name)}";

    /// <summary>A port of 127.0.0.1.</summary>
    public static byte[] Loopback(int port)
    {
        byte[] name = new byte[InternetBytes];
        BinaryPrimitives.WriteUInt16BigEndian(name, (ushort)port);
        (name[2], name[5]) = (127, 1);
        return name;
    }

    /// <summary>Writes an address, and how long it is.</summary>
    public static long Tell(GuestThread thread, CallArguments arguments, OpenSocket socket, byte[] name)
    {
        GuestMemory memory = thread.Process.Memory;
        byte[] told = [(byte)socket.Family, 0, .. name];
        int room = (int)memory.ReadInt(arguments[2]);
        memory.Write(arguments[1], told.AsSpan(0, Math.Clamp(room, 0, told.Length)));
        memory.WriteInt(arguments[2], (uint)told.Length);
        return 0;
    }
}
