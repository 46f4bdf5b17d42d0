package local

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"hoplab.example/harness/server/component"
	"hoplab.example/harness/server/runtime"
)

// fakeJVM is a fakeServer that writes its archive of classes, the file that its
// second argument names, when it is told to end.
func fakeJVM(args []string) int {
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	go http.ListenAndServe(args[0], http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	<-end
	if err := os.WriteFile(args[1], []byte("classes"), 0o600); err != nil {
		fmt.Println(err)
	}
	return 0
}

// recording is a process of fakeJVM with an archive to write.
func recording(t *testing.T, rt *Runtime, name string, to string) *process {
	t.Helper()
	c := fake("fakeJVM")
	from := filepath.Join(t.TempDir(), "classes.jsa")
	c.Name = name
	c.Process = func(s component.Site) component.Process {
		return component.Process{Command: []string{s.Executable, s.Bind("http"), from}}
	}
	instance, err := rt.Launch(t.Context(), c, func(runtime.Download) {})
	if err != nil {
		t.Fatal(err)
	}
	awaitPort(t, rt.Addr(name, "http"))
	p := instance.(*process)
	p.classes = &classArchive{from: from, to: to}
	return p
}

// awaitPort returns once something serves there, which has by then asked to
// hear of signals.
func awaitPort(t *testing.T, addr string) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if res, err := http.Get("http://" + addr); err == nil {
			res.Body.Close()
			return
		}
	}
	t.Fatalf("nothing serves at %s", addr)
}

func TestClassesAreRecordedAtClose(t *testing.T) {
	for _, booted := range []bool{true, false} {
		rt, dir := newRuntime(t, nil)
		to := filepath.Join(dir, "cache", "classes", "a.jsa")
		p := recording(t, rt, "fake", to)
		if booted {
			p.Booted()
		}
		if err := rt.Close(); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(to)
		if booted && (err != nil || string(text) != "classes") {
			t.Errorf("archive = %q, %v", text, err)
		}
		if !booted && err == nil {
			t.Error("a process that hadn't booted has left an archive")
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "cache", "classes", "*.partial")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func TestClassesOfAnotherJava(t *testing.T) {
	rt, dir := newRuntime(t, nil)
	c, elasticsearch := component.Kafka(), component.Elasticsearch()
	c.Program.Poms, elasticsearch.Program.Poms = []string{"kafka"}, []string{"elasticsearch"}
	site := func(java string) *component.Site {
		return &component.Site{Dir: dir, JavaHome: java, Artefacts: []string{"/kafka-4"}}
	}
	first := rt.classes(c, site("/java-17"))
	if first == nil {
		t.Fatal("without an archive, none is to be recorded")
	}
	if err := os.MkdirAll(filepath.Dir(first.to), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(first.to, []byte("classes"), 0o644); err != nil {
		t.Fatal(err)
	}
	same := site("/java-17")
	if again := rt.classes(c, same); again != nil || same.RecordClasses || !strings.HasSuffix(same.Classes, ".jsa") {
		t.Errorf("with an archive: %+v, site %+v", again, same)
	}
	if other := rt.classes(c, site("/java-21")); other == nil || other.to == first.to {
		t.Errorf("another Java shares the archive: %+v", other)
	}
	without := New(Options{Dir: dir, Cache: rt.options.Cache, NoClassData: true})
	if bare := site("/java-17"); without.classes(c, bare) != nil || bare.Classes != "" {
		t.Errorf("NoClassData: the site has the archive %q", bare.Classes)
	}
	if rt.classes(elasticsearch, site("/java-17")) != nil || rt.classes(component.Mosquitto(), site("")) != nil {
		t.Error("a component without flags of its own must record classes")
	}
}
