/* SPDX-License-Identifier: Apache-2.0 */
package oracle;

import java.io.File;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.datavec.image.loader.NativeImageLoader;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What NativeImageLoader makes of each picture in a directory, at several sizes: one row of
 * golden.tsv each, with a hash of the tensor instead of the tensor.
 *
 * args: release, directory of pictures, golden.tsv to write
 */
public class Images {
    private static PrintStream out;

    public static void main(String[] args) throws Exception {
        out = new PrintStream(args[2], StandardCharsets.UTF_8);
        out.printf("# NativeImageLoader of DL4J %s%n", args[0]);
        out.println("file\tcrop\tchannels\theight\twidth\tfnv1a64\tmin\tmax\tmean");
        File[] files = new File(args[1]).listFiles((dir, name) -> name.matches(".*\\.(jpg|png)"));
        Arrays.sort(files);
        for (File file : files)
            picture(file);
        out.close();
    }

    private static void picture(File file) {
        long h;
        long w;
        try {
            INDArray whole = new NativeImageLoader().asMatrix(file);
            h = whole.size(2);
            w = whole.size(3);
            row(file, false, whole);
        } catch (Exception e) {
            out.printf("%s\tnone\t0\t0\t0\trefused\t0\t0\t0%n", file.getName());
            return;
        }
        Set<List<Long>> sizes = new LinkedHashSet<>();
        sizes.add(List.of(h, w));
        sizes.add(List.of(half(h), half(w)));
        sizes.add(List.of(h * 7 / 4, w * 7 / 4));
        sizes.add(List.of(h * 3 / 8 + 1, w * 3 / 8 + 1));
        sizes.add(List.of(31L, 47L));
        for (List<Long> size : sizes)
            for (int channels : new int[] {1, 3})
                load(file, size.get(0), size.get(1), channels, false);
        load(file, 40, 40, 4, false);
        load(file, 32, 32, 3, true);
    }

    private static long half(long n) {
        return Math.max(1, n / 2);
    }

    private static void load(File file, long h, long w, int channels, boolean crop) {
        try {
            row(file, crop, new NativeImageLoader(h, w, channels, crop).asMatrix(file));
        } catch (Exception e) {
            System.err.println(file + " " + channels + " " + h + "x" + w + ": " + e);
        }
    }

    /** Hash and statistics of the values in C order, as little-endian float32. */
    private static void row(File file, boolean crop, INDArray tensor) {
        float[] values = tensor.dup('c').data().asFloat();
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        float min = values[0];
        float max = values[0];
        double sum = 0;
        for (float value : values) {
            bytes.putFloat(value);
            min = Math.min(min, value);
            max = Math.max(max, value);
            sum += value;
        }
        long hash = 0xcbf29ce484222325L;
        for (byte b : bytes.array())
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        out.printf(Locale.ROOT, "%s\t%s\t%d\t%d\t%d\t%016x\t%.0f\t%.0f\t%.6f%n", file.getName(),
                crop ? "dl4j-center" : "none", tensor.size(1), tensor.size(2), tensor.size(3), hash,
                min, max, sum / values.length);
    }
}
