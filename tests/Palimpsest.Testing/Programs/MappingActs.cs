using Palimpsest.Kernel;
using Palimpsest.Kernel.AddressSpaces;
using Palimpsest.Kernel.Tables;
using Palimpsest.Kernel.Tasks;

namespace Palimpsest.Testing.Programs;

/// <summary>What a random program does to its mappings, on the machine and on plain arrays.</summary>
/// <param name="mostPages">Of one process.</param>
internal sealed class MappingActs(LinuxMachine machine, int pageShift, int mostPages)
{
    public void Map(ProgramStep step, Process real, PlainProcess plain)
    {
        int huge = step.Where % 16 < 2 ? 1 << (pageShift - 3) : 0;
        int pages = huge + (int)(1 + (step.What % 40));
        if (plain.Count + pages > mostPages)
        {
            return;
        }

        bool isFile = step.Act == ProgramAct.MapFile;
        bool isTagged = !isFile && machine.CanTag && step.Where % 2 == 0;
        Protection protection = Protection.Read | Protection.Write | (isTagged ? Protection.Mte : 0);
        long bytes = (long)pages << pageShift;
        SharedFile? file = isFile ? machine.OpenFile(bytes) : step.Act == ProgramAct.MapShared ? machine.CreateSharedMemory(bytes) : null;
        ulong address = file is null ? real.Map(bytes, protection) : real.Map(file, bytes, protection, isShared: !isFile);
        file?.Close();
        for (int index = 0; index < pages; index++)
        {
            PlainPage page = new(isFile ? file!.Id : -1, index) { IsShared = file is not null && !isFile };
            plain.Add((address >> pageShift) + (ulong)index, new PlainMapping(page, isTagged, !isFile));
        }
    }

    public void Change(ProgramStep step, Process real, PlainProcess plain, ulong page)
    {
        ulong count = Run(plain, page, 1 + (step.What % 24));
        ulong address = page << pageShift;
        long bytes = (long)count << pageShift;
        switch (step.Act)
        {
            case ProgramAct.Unmap:
                real.Unmap(address, bytes);
                ForEach(page, count, plain.Remove);
                break;
            case ProgramAct.Discard:
                real.Discard(address, bytes);
                ForEach(page, count, at => plain[at].Page.Discard());
                break;
            case ProgramAct.AdviseHuge:
                real.AdviseHugePages(address, bytes, step.Who % 2 == 0);
                break;
            case ProgramAct.MakeTagged:
                MakeTagged(real, plain, page, count);
                break;
            case ProgramAct.Move:
                Move(real, plain, page, count);
                break;
            default:
                throw new InvalidOperationException($"{step.Act} is not played");
        }
    }

    /// <summary>Pages from one on that are mapped side by side, at most so many.</summary>
    public static ulong Run(PlainProcess plain, ulong page, uint most)
    {
        ulong count = 1;
        while (count < most && plain.Find(page + count) is not null)
        {
            count++;
        }

        return count;
    }

    public static void ForEach(ulong page, ulong count, Action<ulong> act)
    {
        for (ulong at = page; at < page + count; at++)
        {
            act(at);
        }
    }

    private void MakeTagged(Process real, PlainProcess plain, ulong page, ulong count)
    {
        ulong allowed = 0;
        while (allowed < count && plain[page + allowed].AllowsTags)
        {
            allowed++;
        }

        count = allowed;
        if (count > 0 && machine.CanTag
            && real.Protect(page << pageShift, (long)count << pageShift, Protection.Read | Protection.Write | Protection.Mte))
        {
            ForEach(page, count, at => plain[at].IsTagged = true);
        }
    }

    private void Move(Process real, PlainProcess plain, ulong page, ulong count)
    {
        ulong place = real.Move(page << pageShift, (long)count << pageShift, (long)count << pageShift) >> pageShift;
        if (place == 0)
        {
            return;
        }

        ForEach(page, count, at =>
        {
            PlainMapping mapping = plain[at];
            plain.Remove(at);
            plain.Add(place + (at - page), mapping);
        });
    }
}
