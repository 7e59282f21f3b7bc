// Processor time of energy and forces of one frame with libsymmetrix: the class of C++ and BLAS ("plain"), and those of Kokkos in double and single precision. Usage: symmetrix-time model.json frame.txt kind
// [seconds [forces.txt]]; built as docs/performance.md says.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

#include <Kokkos_Core.hpp>

#include "mace.hpp"
#include "mace_kokkos.hpp"

namespace {

struct Frame {
    std::vector<int> types, counts, neighbors, neighbor_types;
    std::vector<double> vectors, distances;
};

struct Result {
    double energy = 0;
    std::vector<double> edge_forces;
};

Frame read(const char* path) {
    std::ifstream file(path);
    size_t atoms = 0, edges = 0;
    file >> atoms >> edges;
    Frame frame{std::vector<int>(atoms), std::vector<int>(atoms), std::vector<int>(edges), std::vector<int>(edges), std::vector<double>(3 * edges), std::vector<double>(edges)};
    for (size_t i = 0; i < atoms; ++i) file >> frame.types[i] >> frame.counts[i];
    for (size_t e = 0; e < edges; ++e)
        file >> frame.neighbors[e] >> frame.neighbor_types[e] >> frame.vectors[3 * e] >> frame.vectors[3 * e + 1] >> frame.vectors[3 * e + 2] >> frame.distances[e];
    if (!file) {
        std::fprintf(stderr, "%s cannot be read\n", path);
        std::exit(1);
    }
    return frame;
}

double processor_time() {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

template <typename Compute>
void measure(double seconds, Compute compute) {
    std::vector<double> times;
    compute();
    for (double total = 0; total < seconds || times.size() < 3; total += times.back()) {
        const double begin = processor_time();
        compute();
        times.push_back(processor_time() - begin);
    }
    std::sort(times.begin(), times.end());
    std::printf("least %.3f ms, median %.3f ms, %zu times", 1e3 * times[0], 1e3 * times[times.size() / 2], times.size());
}

Result plain(const char* path, const Frame& f, double seconds) {
    MACE mace(path);
    measure(seconds, [&] { mace.compute_node_energies_forces(f.types.size(), f.types, f.counts, f.neighbors, f.neighbor_types, f.vectors, f.distances); });
    Result result;
    for (const double one : mace.node_energies) result.energy += one;
    result.edge_forces = mace.node_forces;
    return result;
}

template <typename Number>
Kokkos::View<const Number*> view(const std::vector<Number>& values) {
    Kokkos::View<Number*> target("values", values.size());
    Kokkos::deep_copy(target, Kokkos::View<const Number*, Kokkos::HostSpace, Kokkos::MemoryUnmanaged>(values.data(), values.size()));
    return target;
}

template <typename Precision>
Result kokkos(const char* path, const Frame& f, double seconds) {
    MACEKokkos<Precision> mace(path);
    const auto types = view(f.types), counts = view(f.counts), neighbors = view(f.neighbors), neighbor_types = view(f.neighbor_types);
    const auto vectors = view(f.vectors), distances = view(f.distances);
    measure(seconds, [&] { mace.compute_node_energies_forces(f.types.size(), types, counts, neighbors, neighbor_types, vectors, distances); });
    Result result;
    for (size_t i = 0; i < f.types.size(); ++i) result.energy += mace.node_energies(i);
    for (size_t e = 0; e < f.vectors.size(); ++e) result.edge_forces.push_back(mace.node_forces(e));
    return result;
}

}  // namespace

int main(int count, char** arguments) {
    Kokkos::ScopeGuard guard(count, arguments);
    if (count < 4) return 1;
    const Frame frame = read(arguments[2]);
    const std::string kind = arguments[3];
    const double seconds = count > 4 ? std::atof(arguments[4]) : 2;
    const Result result = kind == "plain" ? plain(arguments[1], frame, seconds)
                        : kind == "double" ? kokkos<double>(arguments[1], frame, seconds)
                                           : kokkos<float>(arguments[1], frame, seconds);
    std::printf(", %zu atoms, %s, energy %.9f eV\n", frame.types.size(), kind.c_str(), result.energy);
    if (count > 5) {
        std::vector<double> forces(3 * frame.types.size());
        size_t edge = 0;
        for (size_t i = 0; i < frame.types.size(); ++i)
            for (int n = 0; n < frame.counts[i]; ++n, ++edge)
                for (int k = 0; k < 3; ++k) {
                    forces[3 * i + k] -= result.edge_forces[3 * edge + k];
                    forces[3 * frame.neighbors[edge] + k] += result.edge_forces[3 * edge + k];
                }
        std::ofstream file(arguments[5]);
        file.precision(17);
        for (size_t i = 0; i < forces.size(); i += 3) file << forces[i] << ' ' << forces[i + 1] << ' ' << forces[i + 2] << '\n';
    }
}
