// The official Go client as a measured process: the same jobs as measured/main.ts, and the same line of JSON.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/oracle/coherence-go-client/v2/coherence"
)

const (
	age      = 42
	note     = "The quick brown fox jumps over the lazy dog, and nobody knows why it does so."
	mebibyte = 1024 * 1024
)

type person struct {
	Name  string   `json:"name"`
	Age   int      `json:"age"`
	Email string   `json:"email"`
	Tags  []string `json:"tags"`
	Notes []string `json:"notes,omitempty"`
}

type workload struct {
	Operation   string
	Concurrency int
	ValueBytes  int
	Keys        int64
	Entries     int64
}

type job struct {
	Address       string
	MapName       string
	Workload      workload
	WarmUpSeconds float64
	Seconds       float64
}

type result map[string]float64

func main() {
	var asked job
	check(json.Unmarshal([]byte(os.Args[len(os.Args)-1]), &asked))
	ctx := context.Background()
	session, err := coherence.NewSession(ctx, coherence.WithPlainText(), coherence.WithAddress(asked.Address))
	check(err)
	people, err := coherence.GetNamedMap[string, person](session, asked.MapName)
	check(err)
	line, err := json.Marshal(run(ctx, people, asked))
	check(err)
	fmt.Println(string(line))
	os.Exit(0)
}

func run(ctx context.Context, people coherence.NamedMap[string, person], asked job) result {
	w := asked.Workload
	switch w.Operation {
	case "first":
		get(ctx, people, "key-1")
		return result{"startCpuMillis": cpuMicros() / 1000}
	case "iterate":
		return iterate(ctx, people, w)
	}
	call := callOf(ctx, people, w)
	keepCalling(call, w.Concurrency, asked.WarmUpSeconds)
	cpu, start := cpuMicros(), time.Now()
	latencies := keepCalling(call, w.Concurrency, asked.Seconds)
	elapsed, used := time.Since(start).Seconds(), cpuMicros()-cpu
	sort.Float64s(latencies)
	calls := len(latencies)
	return result{
		"calls":          float64(calls),
		"callsPerSecond": float64(calls) / elapsed,
		"cpuMicros":      used / float64(calls),
		"p50Millis":      latencies[calls/2],
		"p99Millis":      latencies[calls*99/100],
		"peakMebibytes":  peakMebibytes(),
	}
}

func callOf(ctx context.Context, people coherence.NamedMap[string, person], w workload) func(int64) {
	switch w.Operation {
	case "get":
		return func(n int64) { get(ctx, people, keyOf(n, w.Keys)) }
	case "set":
		value := personOf(w.ValueBytes)
		return func(n int64) {
			_, err := people.Put(ctx, keyOf(n, w.Keys), value)
			check(err)
		}
	case "getAll":
		return func(n int64) {
			asked := make([]string, w.Entries)
			for i := range asked {
				asked[i] = keyOf(n*w.Entries+int64(i), w.Keys)
			}
			var found int64
			for entry := range people.GetAll(ctx, asked) {
				check(entry.Err)
				found++
			}
			expect(found, w.Entries)
		}
	case "setAll":
		value := personOf(w.ValueBytes)
		return func(n int64) {
			entries := make(map[string]person, w.Entries)
			for i := int64(0); i < w.Entries; i++ {
				entries[keyOf(n*w.Entries+i, w.Keys)] = value
			}
			check(people.PutAll(ctx, entries))
		}
	}
	panic("no such operation: " + w.Operation)
}

func get(ctx context.Context, people coherence.NamedMap[string, person], key string) {
	value, err := people.Get(ctx, key)
	check(err)
	if value == nil || value.Age != age {
		panic(fmt.Sprint("a wrong value came: ", value))
	}
}

func iterate(ctx context.Context, people coherence.NamedMap[string, person], w workload) result {
	get(ctx, people, keyOf(0, w.Keys))
	var entries int64
	var first float64
	cpu, start := cpuMicros(), time.Now()
	for entry := range people.EntrySet(ctx) {
		check(entry.Err)
		if entries == 0 {
			first = millisSince(start)
		}
		entries++
	}
	elapsed, used := time.Since(start).Seconds(), cpuMicros()-cpu
	expect(entries, w.Entries)
	return result{
		"calls":            float64(entries),
		"callsPerSecond":   float64(entries) / elapsed,
		"cpuMicros":        used / float64(entries),
		"firstEntryMillis": first,
		"peakMebibytes":    peakMebibytes(),
	}
}

func keepCalling(call func(int64), concurrency int, seconds float64) []float64 {
	end := time.Now().Add(time.Duration(seconds * float64(time.Second)))
	var started atomic.Int64
	var workers sync.WaitGroup
	latencies := make([][]float64, concurrency)
	for worker := range concurrency {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for begin := time.Now(); begin.Before(end); {
				call(started.Add(1) - 1)
				now := time.Now()
				latencies[worker] = append(latencies[worker], float64(now.Sub(begin).Microseconds())/1000)
				begin = now
			}
		}()
	}
	workers.Wait()
	var all []float64
	for _, some := range latencies {
		all = append(all, some...)
	}
	return all
}

func personOf(bytes int) person {
	value := person{Name: "Alice Smith", Age: age, Email: "alice.smith@example.com", Tags: []string{"a", "b", "c"}}
	small, err := json.Marshal(value)
	check(err)
	for left := bytes - len(small); left >= len(note)+3; left -= len(note) + 3 {
		value.Notes = append(value.Notes, note)
	}
	return value
}

func keyOf(n, keys int64) string {
	return "key-" + strconv.FormatInt(n%keys, 10)
}

func cpuMicros() float64 {
	usage := usage()
	return float64(usage.Utime.Sec+usage.Stime.Sec)*1e6 + float64(usage.Utime.Usec+usage.Stime.Usec)
}

// Of this program alone: the kernel's figure for the process has that of the program that started it in it.
func peakMebibytes() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return float64(usage().Maxrss) * 1024 / mebibyte
	}
	for _, line := range strings.Split(string(status), "\n") {
		if rest, found := strings.CutPrefix(line, "VmHWM:"); found {
			kibibytes, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kibibytes / 1024
		}
	}
	return 0
}

func usage() syscall.Rusage {
	var usage syscall.Rusage
	check(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return usage
}

func millisSince(start time.Time) float64 {
	return float64(time.Since(start).Microseconds()) / 1000
}

func expect(found, expected int64) {
	if found != expected {
		panic(fmt.Sprintf("%d came instead of %d", found, expected))
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
