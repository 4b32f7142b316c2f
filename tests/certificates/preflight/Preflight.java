import java.io.File;
import org.apache.pdfbox.preflight.PreflightDocument;
import org.apache.pdfbox.preflight.ValidationResult;
import org.apache.pdfbox.preflight.ValidationResult.ValidationError;
import org.apache.pdfbox.preflight.exception.SyntaxValidationException;
import org.apache.pdfbox.preflight.parser.PreflightParser;

/** Prints what Apache PDFBox has against each file as PDF/A-1b: file, code and words, one fault per line. */
class Preflight {
    public static void main(String[] names) throws Exception {
        for (String name : names) {
            for (ValidationError fault : judge(new File(name)).getErrorsList()) {
                System.out.println(name + "\t" + fault.getErrorCode() + "\t" + fault.getDetails());
            }
        }
    }

    private static ValidationResult judge(File file) throws Exception {
        PreflightParser parser = new PreflightParser(file);
        try {
            parser.parse();
            try (PreflightDocument document = parser.getPreflightDocument()) {
                document.validate();
                return document.getResult();
            }
        } catch (SyntaxValidationException broken) {
            return broken.getResult();
        }
    }
}
