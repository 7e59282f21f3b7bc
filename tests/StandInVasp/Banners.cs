namespace MofInterop.StandInVasp;

/// <summary>What VASP prints on its standard output.</summary>
internal static class Banners
{
    public const string Start = """
         running on    1 total cores
         distrk:  each k-point on    1 cores,    1 groups
         vasp.6.4.2 20Jul23 (build stand-in) complex
         -----------------------------------------------------------------------------
        |                                                                             |
        |           W    W    AA    RRRRR   N    N  II  N    N   GGGG   !!!           |
        |           W    W   A  A   R    R  NN   N  II  NN   N  G    G  !!!           |
        |           W    W  A    A  R    R  N N  N  II  N N  N  G       !!!           |
        |           W WW W  AAAAAA  RRRRR   N  N N  II  N  N N  G  GGG   !            |
        |           WW  WW  A    A  R   R   N   NN  II  N   NN  G    G                |
        |           W    W  A    A  R    R  N    N  II  N    N   GGGG   !!!           |
        |                                                                             |
        |     The number of bands is not sufficient for what is asked; the result     |
        |     may be wrong.                                                           |
        |                                                                             |
         -----------------------------------------------------------------------------
         entering main loop

        """;

    public const string Davidson = """
         entering main loop
         Error EDDDAV: Call to ZHEGV failed. Returncode =  15 2  32
         -----------------------------------------------------------------------------
        |                                                                             |
        |     EEEEEEE  RRRRRR   RRRRRR   OOOOOOO  RRRRRR      ###     ###     ###     |
        |     E        R     R  R     R  O     O  R     R     ###     ###     ###     |
        |     EEEEE    RRRRRR   RRRRRR   O     O  RRRRRR       #       #       #      |
        |     E        R   R    R   R    O     O  R   R                               |
        |     EEEEEEE  R     R  R     R  OOOOOOO  R     R     ###     ###     ###     |
        |                                                                             |
        |     Error EDDDAV: Call to ZHEGV failed. Returncode = 15 2 32                |
        |                                                                             |
        |       ---->  I REFUSE TO CONTINUE WITH THIS SICK JOB ... BYE!!! <----       |
        |                                                                             |
         -----------------------------------------------------------------------------

        """;
}
