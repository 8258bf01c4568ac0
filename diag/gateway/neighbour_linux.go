package gateway

// NeighbourState is what the kernel's neighbour table says of an address on a
// link, in the words of ip-neighbour(8): reachable, stale, incomplete, failed
// …; "none" without an entry, "" where the table cannot be read.
func NeighbourState(index int, address string) string {
	table, err := neighbours()
	if err != nil {
		return ""
	}
	for _, n := range table {
		if n.Index == index && n.Address == address {
			return n.State
		}
	}
	return noEntry
}
