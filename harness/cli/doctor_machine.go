package cli

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/runtime/ports"
	"hoplab.example/harness/server/version"
)

// What the default stack takes at the most: its memory as the components declare it, and the
// downloads, unpacked, with a run's own data.
const neededDiskMiB = 2048

// finding is one line of doctor's: what was looked at, whether it is right, and
// what was seen.
type finding struct{ word, name, seen, advice string }

// machine looks at what isn't a program: memory, disk, and the container engine
// with its images.
func machine(ctx context.Context, cache string) []finding {
	return append([]finding{freeMemory(), disk(cache), freePorts()}, containerFindings(ctx)...)
}

func neededMemoryMiB() int64 {
	var sum int64
	for _, c := range version.All()[0].Packaged() {
		sum += int64(c.MemoryMiB)
	}
	return sum
}

// memory is read from Linux's /proc; elsewhere nothing is known of it.
func freeMemory() finding {
	available, err := availableMiB()
	if err != nil {
		return finding{word: "unknown", name: "memory", seen: err.Error()}
	}
	f := finding{"ok", "memory", fmt.Sprintf("%d MiB are available, all servers together take %d", available, neededMemoryMiB()), ""}
	if available < neededMemoryMiB() {
		f.word, f.advice = "low", "close other programs, or start fewer components"
	}
	return f
}

func availableMiB() (int64, error) {
	file, err := os.Open("/proc/meminfo")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if fields := strings.Fields(lines.Text()); len(fields) >= 2 && fields[0] == "MemAvailable:" {
			kib, err := strconv.ParseInt(fields[1], 10, 64)
			return kib >> 10, err
		}
	}
	return 0, fmt.Errorf("/proc/meminfo has no MemAvailable")
}

// disk looks at the file system of the cache, or of the folder that will hold it.
func disk(cache string) finding {
	dir := cache
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	free, err := freeMiB(dir)
	if err != nil {
		return finding{word: "unknown", name: "disk", seen: err.Error()}
	}
	f := finding{"ok", "disk", fmt.Sprintf("%d MiB are free for %s", free, cache), ""}
	if free < neededDiskMiB {
		f.word, f.advice = "low", fmt.Sprintf("make room for %d MiB, or set HOPLAB_CACHE to a folder elsewhere", neededDiskMiB)
	}
	return f
}

// freePorts looks for one, as each component will.
func freePorts() finding {
	free := ports.New(nil)
	defer free.Close()
	addr := free.Addr("doctor", "any")
	if strings.HasSuffix(addr, ":0") {
		return finding{"missing", "ports", "no free port on loopback can be listened on", "look for what holds them, with 'ss -ltn'"}
	}
	return finding{"ok", "ports", "free ones on loopback, such as " + addr, ""}
}

func containerFindings(ctx context.Context) []finding {
	engine, err := image.NewEngine(ctx)
	if err != nil {
		return []finding{
			{"without", "engine", err.Error(), "the servers run as processes"},
			{"without", "dashboards", "hoplab starts Kibana and Grafana in containers only", "their searches are sent without them. A Kibana of your own needs a whole Elasticsearch: the one that runs as a process has no _async_search, without which Kibana draws nothing"},
		}
	}
	defer engine.Close()
	list := []finding{{"ok", "engine", "a container engine answers at " + engine.DaemonHost(), ""}}
	if err := image.Available(ctx, version.All()[0].Packaged()); err != nil {
		return append(list, finding{"without", "images", err.Error(), "'lab dev images build' makes them; without them the servers run as processes"})
	}
	return append(list, finding{"ok", "images", "each component has one", ""})
}
