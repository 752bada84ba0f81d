module coherence-ts/bench

go 1.24

require github.com/oracle/coherence-go-client/v2 v2.3.0
